import { parseDecimal, ZERO } from "./decimal.js";
import { positiveAmount, type MoneyInput } from "./money.js";
import type { PricingInterval } from "./pricing.js";
import type {
  ReplacementBehavior,
  SubscriptionStatus,
  SubscriptionTerms,
} from "./subscription-terms.js";
import { isReturnUrl } from "./return-url.js";
import { SimulatorUsageError } from "../usage-error.js";

/** A subscription that a test creates. It has a usage line item, a recurring one, or both. */
export interface SubscriptionOptions {
  /** Default: `Usage plan`. */
  readonly name?: string;
  /** Makes a usage line item with this cap for every 30 days. */
  readonly cappedAmount?: MoneyInput;
  /** What the merchant reads about usage charges. Default: `Pay for what you use`. */
  readonly terms?: string;
  /** Makes a recurring line item, which comes before the usage one. */
  readonly recurring?: {
    readonly price: MoneyInput;
    /** Default: `EVERY_30_DAYS`. */
    readonly interval?: PricingInterval;
    readonly discount?: {
      /** Off the price in each interval: a decimal string or number, or a fraction such as `0.25`. */
      readonly value: { readonly amount: string | number } | { readonly percentage: number };
      /** Default: for ever. */
      readonly durationLimitInIntervals?: number;
    };
  };
  /** Default: false. */
  readonly test?: boolean;
  /** Default: 0. */
  readonly trialDays?: number;
  /** Default: `https://app.example/billing`. */
  readonly returnUrl?: string;
  /** Default: `STANDARD`. */
  readonly replacementBehavior?: ReplacementBehavior;
  /** Default: `PENDING`, until `shop.approve`. */
  readonly status?: SubscriptionStatus;
  /**
   * When it was created, and approved if `status` says so. Its billing periods are counted from here.
   * Default: now.
   */
  readonly createdAt?: Date | string | number;
  /** A balance to begin with, as one that was carried over from an older plan (reported by developers). Above zero. Default: none. */
  readonly balanceUsed?: string | number;
  /** The number in its ids. Default: one that no other subscription has. */
  readonly number?: number;
}

/** Checks what a test gives. */
export function agreedTerms(options: SubscriptionOptions): SubscriptionTerms {
  const { cappedAmount, recurring, trialDays = 0 } = options;
  const currencyCode = cappedAmount?.currencyCode ?? recurring?.price.currencyCode;
  if (currencyCode === undefined) {
    throw new SimulatorUsageError(
      "A subscription needs cappedAmount for a usage line item, recurring for a recurring one, or both",
    );
  }
  if (recurring && recurring.price.currencyCode !== currencyCode) {
    throw new SimulatorUsageError(
      `recurring.price.currencyCode must be the capped amount's ${currencyCode}, got ${recurring.price.currencyCode}`,
    );
  }
  const { returnUrl = "https://app.example/billing" } = options;
  if (!isReturnUrl(returnUrl)) {
    throw new SimulatorUsageError(
      `returnUrl must be an HTTP URL, got ${JSON.stringify(returnUrl)}`,
    );
  }
  if (!Number.isInteger(trialDays) || trialDays < 0) {
    throw new SimulatorUsageError(
      `trialDays must be a whole number of zero or more, got ${trialDays}`,
    );
  }
  if (options.balanceUsed !== undefined && !cappedAmount) {
    throw new SimulatorUsageError("balanceUsed needs a usage line item: give cappedAmount, too");
  }
  const discount = recurring?.discount;
  return {
    name: options.name ?? "Usage plan",
    returnUrl,
    test: options.test ?? false,
    trialDays,
    replacementBehavior: options.replacementBehavior ?? "STANDARD",
    currencyCode,
    usage: cappedAmount
      ? {
          cappedAmount: positiveAmount("cappedAmount", cappedAmount),
          terms: options.terms ?? "Pay for what you use",
        }
      : null,
    recurring: recurring
      ? {
          price: positiveAmount("recurring.price", recurring.price),
          interval: recurring.interval ?? "EVERY_30_DAYS",
          discount: discount
            ? {
                value:
                  "amount" in discount.value
                    ? { amount: parseDecimal(String(discount.value.amount)) ?? ZERO }
                    : { percentage: discount.value.percentage },
                durationLimitInIntervals: discount.durationLimitInIntervals ?? null,
              }
            : null,
        }
      : null,
    first: "recurring",
  };
}
