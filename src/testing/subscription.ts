import { appOf } from "./app-installation.js";
import { dateTime } from "./clock.js";
import { PagedList, type Connection, type ConnectionArguments } from "./connection.js";
import type { Decimal } from "./decimal.js";
import { globalId } from "./global-id.js";
import {
  RecurringPricing,
  UsagePricing,
  type DiscountTerms,
  type PricingInterval,
} from "./pricing.js";
import type { Shop } from "./shop.js";
import type { UsageRecord } from "./usage-record.js";

/** Shopify's `AppSubscriptionStatus`. */
export type SubscriptionStatus =
  "PENDING" | "ACCEPTED" | "ACTIVE" | "DECLINED" | "EXPIRED" | "FROZEN" | "CANCELLED";

/** Shopify's `AppSubscriptionReplacementBehavior`. */
export type ReplacementBehavior = "APPLY_IMMEDIATELY" | "APPLY_ON_NEXT_BILLING_CYCLE" | "STANDARD";

/** What a subscription is agreed upon with, once its input was checked. */
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
}

const DAY = 24 * 60 * 60 * 1000;
/** A subscription that the merchant does not approve within two days expires (documented by Shopify). */
const APPROVAL_DEADLINE = 2 * DAY;
/** The length of a year without regard to leap years is a choice: unknown. */
const INTERVAL_LENGTH: Record<PricingInterval, number> = {
  EVERY_30_DAYS: 30 * DAY,
  ANNUAL: 365 * DAY,
};

/**
 * A merchant's agreement to be billed: an `AppSubscription` of the API.
 *
 * @remarks
 * Change it with the methods of its shop: `shop.approve(subscription.id)` and so on.
 */
export class Subscription {
  /** `gid://shopify/AppSubscription/…` */
  readonly id: string;
  readonly name: string;
  /** `2025-01-31T12:00:00Z`: UTC, whole seconds. */
  readonly createdAt: string;
  readonly returnUrl: string;
  /** A test subscription is never billed. */
  readonly test: boolean;
  /** At most one recurring and one usage line item, in this order. */
  readonly lineItems: readonly LineItem[];

  readonly #shop: Shop;
  readonly #number: number;
  readonly #createdAt: number;
  readonly #terms: SubscriptionTerms;
  #status: SubscriptionStatus = "PENDING";
  #trialDays: number;
  #activatedAt: number | null = null;

  /** @internal */
  constructor(shop: Shop, number: number, createdAt: number, terms: SubscriptionTerms) {
    this.#shop = shop;
    this.#number = number;
    this.#createdAt = createdAt;
    this.#terms = terms;
    this.#trialDays = terms.trialDays;
    this.id = globalId("AppSubscription", number);
    this.name = terms.name;
    this.createdAt = dateTime(createdAt);
    this.returnUrl = terms.returnUrl;
    this.test = terms.test;

    const { usage, recurring, currencyCode } = terms;
    const lineItems: LineItem[] = [];
    const add = (pricing: UsagePricing | RecurringPricing): void => {
      lineItems.push(new LineItem(this, lineItems.length, pricing));
    };
    if (recurring !== null) {
      const { price, interval, discount } = recurring;
      const period = (): number => this.periodAt(this.#now(), interval);
      add(new RecurringPricing(price, currencyCode, interval, discount, period));
    }
    if (usage !== null) {
      const period = (): number => this.periodAt(this.#now(), "EVERY_30_DAYS");
      add(new UsagePricing(usage.cappedAmount, currencyCode, usage.terms, period));
    }
    this.lineItems = lineItems;
  }

  /** @internal */
  get __typename(): "AppSubscription" {
    return "AppSubscription";
  }

  /** @internal */
  get number(): number {
    return this.#number;
  }

  /** `example.myshopify.com` */
  get shop(): string {
    return this.#shop.domain;
  }

  /** @internal A field of the API in `unstable`. */
  get app(): object {
    return appOf(this.#shop);
  }

  get status(): SubscriptionStatus {
    this.#shop.settle();
    return this.#status;
  }

  get trialDays(): number {
    return this.#trialDays;
  }

  /** Where the merchant approves or declines. Served by `listen()`, or else by `admin.fetch` under the shop's host. */
  get confirmationUrl(): string {
    return this.#shop.platform.approvals.confirmationUrl("subscription", this.#number);
  }

  /** When the current billing period ends; null unless the subscription is active. */
  get currentPeriodEnd(): string | null {
    if (this.status !== "ACTIVE") return null;
    return dateTime(this.periodEnd(this.#now()));
  }

  /** The usage line item, where the subscription has one. */
  get usageLineItem(): LineItem | null {
    return this.lineItems.find((lineItem) => lineItem.usagePricing !== null) ?? null;
  }

  /** All that the API tells about it, and more: for a page that shows it. */
  toJSON(): object {
    const { id, name, status, test, createdAt, currentPeriodEnd, trialDays } = this;
    const { shop, returnUrl, confirmationUrl, lineItems } = this;
    return {
      id,
      shop,
      app: this.#shop.app,
      name,
      status,
      test,
      createdAt,
      currentPeriodEnd,
      trialDays,
      returnUrl,
      confirmationUrl,
      lineItems,
    };
  }

  /** @internal */
  get terms(): SubscriptionTerms {
    return this.#terms;
  }

  /** @internal The number of the billing period that a time falls into. What comes before the first counts to it. */
  periodAt(time: number, interval: PricingInterval): number {
    return Math.max(0, Math.floor((time - this.#billingStart()) / INTERVAL_LENGTH[interval]));
  }

  /** @internal */
  periodEnd(time: number): number {
    const interval = this.#terms.recurring?.interval ?? "EVERY_30_DAYS";
    const periods = this.periodAt(time, interval) + 1;
    return this.#billingStart() + periods * INTERVAL_LENGTH[interval];
  }

  /** @internal */
  get approvalDeadline(): number {
    return this.#createdAt + APPROVAL_DEADLINE;
  }

  /** @internal */
  isInTrial(): boolean {
    return this.status === "ACTIVE" && this.#now() < this.#billingStart();
  }

  /** @internal */
  extendTrial(days: number): void {
    this.#trialDays += days;
  }

  /** @internal From now on there are billing periods. */
  begin(at: number): void {
    this.#activatedAt = at;
  }

  /** @internal */
  setStatus(status: SubscriptionStatus): void {
    this.#status = status;
  }

  /**
   * Billing is delayed by the trial (documented by Shopify). That usage during the trial counts to the
   * first period, and that this period lasts until 30 days after the trial, is a choice: unknown.
   */
  #billingStart(): number {
    return (this.#activatedAt ?? this.#createdAt) + this.#trialDays * DAY;
  }

  #now(): number {
    return this.#shop.now();
  }
}

/** One of a subscription's plans: an `AppSubscriptionLineItem` of the API. */
export class LineItem {
  /** `gid://shopify/AppSubscriptionLineItem/…?v=1&index=…` */
  readonly id: string;
  readonly plan: { readonly pricingDetails: UsagePricing | RecurringPricing };
  readonly #subscription: Subscription;
  readonly #usageRecords: PagedList<UsageRecord> = new PagedList();

  /** @internal */
  constructor(
    subscription: Subscription,
    index: number,
    pricingDetails: UsagePricing | RecurringPricing,
  ) {
    this.#subscription = subscription;
    this.id = globalId("AppSubscriptionLineItem", subscription.number, index);
    this.plan = { pricingDetails };
  }

  get subscription(): Subscription {
    return this.#subscription;
  }

  /** The usage pricing with cap and balance; null for a recurring line item. */
  get usagePricing(): UsagePricing | null {
    const { pricingDetails } = this.plan;
    return pricingDetails instanceof UsagePricing ? pricingDetails : null;
  }

  /** @internal Resolves the field of the API; a recurring line item has no records (a choice: unknown). */
  usageRecords(args: ConnectionArguments): Connection<UsageRecord> {
    return this.#usageRecords.page(args);
  }

  /** @internal */
  addUsageRecord(record: UsageRecord): void {
    this.#usageRecords.add(record);
  }
}
