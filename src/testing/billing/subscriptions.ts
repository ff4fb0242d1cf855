import { PagedList } from "../graphql/connection.js";
import type { Platform } from "../platform/platform.js";
import { isDeferred } from "./replacement.js";
import type { Owner } from "./owner.js";
import { Subscription } from "./subscription.js";
import type { SubscriptionStatus, SubscriptionTerms } from "./subscription-terms.js";

/** The subscriptions of one app in one shop, of which one at a time is in force. */
export class Subscriptions {
  readonly #owner: Owner;
  readonly #announce: (subscription: Subscription) => void;
  readonly #platform: Platform;
  readonly #byNumber: Map<number, Subscription> = new Map();
  readonly #all: PagedList<Subscription> = new PagedList();
  /** The one that is in force: active, or frozen. */
  #current: Subscription | null = null;
  /** Waiting for the merchant. */
  readonly #pending: Set<Subscription> = new Set();
  /** Approved, each with the time at which it becomes active. */
  readonly #deferred: Map<Subscription, number> = new Map();

  /** @param announce - sends a webhook about a subscription that was changed after its creation */
  constructor(owner: Owner, platform: Platform, announce: (subscription: Subscription) => void) {
    this.#owner = owner;
    this.#announce = announce;
    this.#platform = platform;
  }

  /** Every subscription ever made. */
  get all(): PagedList<Subscription> {
    this.settle();
    return this.#all;
  }

  get active(): Subscription | null {
    this.settle();
    return this.#current?.status === "ACTIVE" ? this.#current : null;
  }

  get(number: number): Subscription | null {
    this.settle();
    return this.#byNumber.get(number) ?? null;
  }

  /** Makes a subscription and asks the merchant to approve it. */
  create(terms: SubscriptionTerms, number: number, createdAt: number): Subscription {
    const subscription = new Subscription(this.#owner, number, createdAt, terms);
    this.#byNumber.set(number, subscription);
    this.#all.add(subscription);
    this.#pending.add(subscription);
    this.#platform.approvals.ask({
      owner: this.#owner,
      kind: "subscription",
      id: subscription.id,
      number,
      name: subscription.name,
      agreement: subscription.lineItems.map(({ plan }) => plan.pricingDetails.agreement),
      returnUrl: subscription.returnUrl,
      closedAs: () => (subscription.status === "PENDING" ? null : subscription.status),
      approve: () => this.#accept(subscription),
      decline: () => this.change(subscription, "DECLINED"),
    });
    this.#platform.events.emit("subscription", subscription);
    return subscription;
  }

  /** Puts a subscription in force, in place of the one before it (documented by Shopify). */
  activate(subscription: Subscription, at: number = this.#platform.clock.now()): void {
    const before = this.#current?.usageLineItem?.usagePricing;
    if (
      this.#platform.choices.carryOverBalance &&
      before?.currencyCode === subscription.terms.currencyCode
    ) {
      subscription.usageLineItem?.usagePricing?.carryOver(before);
    }
    for (const other of [this.#current, ...this.#deferred.keys()]) {
      if (other !== null && other !== subscription) this.change(other, "CANCELLED");
    }
    subscription.begin(at);
    this.change(subscription, "ACTIVE");
  }

  change(subscription: Subscription, status: SubscriptionStatus): void {
    this.#pending.delete(subscription);
    this.#deferred.delete(subscription);
    if (this.#current === subscription) this.#current = null;
    if (status === "ACTIVE" || status === "FROZEN") this.#current = subscription;
    subscription.setStatus(status);
    this.changed(subscription);
  }

  /** Emits that something about a subscription has changed. */
  changed(subscription: Subscription): void {
    this.#platform.events.emit("subscription", subscription);
    this.#announce(subscription);
  }

  /** Applies time-based transitions: expiry, deferred activation. */
  settle(): void {
    const now = this.#platform.clock.now();
    for (const subscription of this.#pending) {
      if (now >= subscription.approvalDeadline) this.change(subscription, "EXPIRED");
    }
    for (const [subscription, start] of this.#deferred) {
      if (now >= start) this.activate(subscription);
    }
  }

  /** The merchant agrees: the subscription becomes active at once, or when the current period ends. */
  #accept(subscription: Subscription): void {
    const current = this.#current;
    if (current === null || !isDeferred(current, subscription)) {
      this.activate(subscription);
      return;
    }
    // That it is ACCEPTED until then is a choice: unknown.
    this.change(subscription, "ACCEPTED");
    this.#deferred.set(subscription, current.periodEnd(this.#platform.clock.now()));
  }
}
