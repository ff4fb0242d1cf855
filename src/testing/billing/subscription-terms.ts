import type { Decimal } from "./decimal.js";
import type { DiscountTerms, PricingInterval } from "./pricing.js";

/** Shopify's `AppSubscriptionStatus`. */
export type SubscriptionStatus =
  "PENDING" | "ACCEPTED" | "ACTIVE" | "DECLINED" | "EXPIRED" | "FROZEN" | "CANCELLED";

/** Shopify's `AppSubscriptionReplacementBehavior`. */
export type ReplacementBehavior = "APPLY_IMMEDIATELY" | "APPLY_ON_NEXT_BILLING_CYCLE" | "STANDARD";

/** The terms of a subscription, once its input was checked. */
export interface SubscriptionTerms {
  readonly name: string;
  readonly returnUrl: string;
  readonly test: boolean;
  readonly trialDays: number;
  readonly replacementBehavior: ReplacementBehavior;
  readonly currencyCode: string;
  readonly usage: { readonly cappedAmount: Decimal; readonly terms: string } | null;
  readonly recurring: {
    readonly price: Decimal;
    readonly interval: PricingInterval;
    readonly discount: DiscountTerms | null;
  } | null;
  /** Which line item comes first, if there are two. */
  readonly first: "usage" | "recurring";
}
