import { dateTime } from "../platform/clock.js";
import { globalId } from "./global-id.js";
import { LineItem, type Agreement } from "./line-item.js";
import type { Owner } from "./owner.js";
import { RecurringPricing, UsagePricing, type PricingInterval } from "./pricing.js";
import type { SubscriptionStatus, SubscriptionTerms } from "./subscription-terms.js";

const DAY = 24 * 60 * 60 * 1000;
/** A subscription that the merchant does not approve within two days expires (documented by Shopify). */
const APPROVAL_DEADLINE = 2 * DAY;
/** That a year always has 365 days is a choice: unknown. */
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
export class Subscription implements Agreement {
  /** `gid://shopify/AppSubscription/…` */
  readonly id: string;
  readonly name: string;
  /** `2025-01-31T12:00:00Z`: UTC, whole seconds. */
  readonly createdAt: string;
  readonly returnUrl: string;
  /** Whether it is a test subscription, which is never billed. */
  readonly test: boolean;
  /** At most one recurring and one usage line item, in the order in which they were asked for. */
  readonly lineItems: readonly LineItem[];

  readonly #owner: Owner;
  readonly #number: number;
  readonly #createdAt: number;
  readonly #terms: SubscriptionTerms;
  #status: SubscriptionStatus = "PENDING";
  #trialDays: number;
  #activatedAt: number | null = null;

  /** @internal */
  constructor(owner: Owner, number: number, createdAt: number, terms: SubscriptionTerms) {
    this.#owner = owner;
    this.#number = number;
    this.#createdAt = createdAt;
    this.#terms = terms;
    this.#trialDays = terms.trialDays;
    this.id = globalId("AppSubscription", number);
    this.name = terms.name;
    this.createdAt = dateTime(createdAt);
    this.returnUrl = terms.returnUrl;
    this.test = terms.test;

    const { usage, recurring, currencyCode, first } = terms;
    const plans: (UsagePricing | RecurringPricing)[] = [];
    if (recurring !== null) {
      const { price, interval, discount } = recurring;
      const period = (): number => this.periodAt(this.#now(), interval);
      plans.push(new RecurringPricing(price, currencyCode, interval, discount, period));
    }
    if (usage !== null) {
      const period = (): number => this.periodAt(this.#now(), "EVERY_30_DAYS");
      plans.push(new UsagePricing(usage.cappedAmount, currencyCode, usage.terms, period));
    }
    if (first === "usage") plans.reverse();
    this.lineItems = plans.map((pricing, index) => new LineItem(this, index, pricing));
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
    return this.#owner.domain;
  }

  /** @internal A field of the API in `unstable`. */
  get app(): object {
    return this.#owner.appDetails;
  }

  get status(): SubscriptionStatus {
    this.#owner.settle();
    return this.#status;
  }

  get trialDays(): number {
    return this.#trialDays;
  }

  /** Where the merchant approves or declines. Served by `listen()`, or else by `admin.fetch` under the shop's host. */
  get confirmationUrl(): string {
    return this.#owner.confirmationUrl("subscription", this.#number);
  }

  /** When the current billing period ends. `null` unless the subscription is active. */
  get currentPeriodEnd(): string | null {
    if (this.status !== "ACTIVE") return null;
    return dateTime(this.periodEnd(this.#now()));
  }

  /** The usage line item. `null` if the subscription has none. */
  get usageLineItem(): LineItem | null {
    return this.lineItems.find((lineItem) => lineItem.usagePricing !== null) ?? null;
  }

  /** Everything that the API says about it, and more: for a page that shows it. */
  toJSON(): object {
    const { id, name, status, test, createdAt, currentPeriodEnd, trialDays } = this;
    const { shop, returnUrl, confirmationUrl, lineItems } = this;
    return {
      id,
      shop,
      app: this.#owner.app,
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

  /** @internal Returns the number of the billing period that a time falls into. Earlier times count to the first. */
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

  /** @internal Starts the billing periods. */
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
    return this.#owner.now();
  }
}
