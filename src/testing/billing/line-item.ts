import {
  PagedList,
  type Connection,
  type ConnectionArguments,
  type Listed,
} from "../graphql/connection.js";
import { globalId } from "./global-id.js";
import { UsagePricing, type PricingInterval, type RecurringPricing } from "./pricing.js";
import type { SubscriptionStatus } from "./subscription-terms.js";

/** The subscription that a line item is part of. */
export interface Agreement {
  /** `gid://shopify/AppSubscription/…` */
  readonly id: string;
  /** @internal */
  readonly number: number;
  readonly name: string;
  readonly returnUrl: string;
  /** Whether nobody is ever billed for it. */
  readonly test: boolean;
  readonly status: SubscriptionStatus;
  /** @internal Returns the number of the billing period that a time falls into. */
  periodAt(time: number, interval: PricingInterval): number;
}

/** One of a subscription's plans: an `AppSubscriptionLineItem` of the API. */
export class LineItem {
  /** `gid://shopify/AppSubscriptionLineItem/…?v=1&index=…` */
  readonly id: string;
  readonly plan: { readonly pricingDetails: UsagePricing | RecurringPricing };
  readonly #subscription: Agreement;
  readonly #usageRecords: PagedList<Listed> = new PagedList();

  /** @internal */
  constructor(
    subscription: Agreement,
    index: number,
    pricingDetails: UsagePricing | RecurringPricing,
  ) {
    this.#subscription = subscription;
    this.id = globalId("AppSubscriptionLineItem", subscription.number, index);
    this.plan = { pricingDetails };
  }

  get subscription(): Agreement {
    return this.#subscription;
  }

  /** The usage pricing with cap and balance. `null` for a recurring line item. */
  get usagePricing(): UsagePricing | null {
    const { pricingDetails } = this.plan;
    return pricingDetails instanceof UsagePricing ? pricingDetails : null;
  }

  /** @internal Resolves the field of the API. A recurring line item has no records (a choice: unknown). */
  usageRecords(args: ConnectionArguments): Connection<Listed> {
    return this.#usageRecords.page(args);
  }

  /** @internal */
  addUsageRecord(record: Listed): void {
    this.#usageRecords.add(record);
  }
}
