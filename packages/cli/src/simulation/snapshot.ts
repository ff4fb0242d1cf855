import {
  type AdminSimulator,
  FAULT_NAMES,
  type Money,
  type OpenApproval,
  type Shop,
  type Subscription,
  type ThrottleStatus,
  type UsageRecord,
} from "shopify-usage-billing/testing";
import { Sums } from "../charges/sums.js";
import { type Activity, requestActivity, webhookActivity } from "./activity.js";
import type { ArmedFault, ArmedFaults } from "./armed-faults.js";
import type { WebhookAddress } from "./webhook-address.js";

/** How many of the latest charges, and of the latest requests and webhooks, the page shows. */
const SHOWN = 100;

/** What the page shows at a given time. */
export interface Snapshot {
  /** Simulated milliseconds since 1970. */
  readonly now: number;
  /** Simulated milliseconds for each real one. */
  readonly speed: number;
  readonly shop: ShopView;
  /** Newest first. */
  readonly charges: readonly ChargeView[];
  readonly chargeCount: number;
  readonly sums: readonly Money[];
  /** Newest first. */
  readonly activity: readonly Activity[];
  readonly requestCount: number;
  readonly faultCount: number;
  readonly armed: readonly ArmedFault[];
}

/** The shop, as the page shows it. */
export interface ShopView {
  readonly domain: string;
  readonly bucket: ThrottleStatus;
  /** Milliseconds since 1970. `null` if the token does not expire. */
  readonly tokenExpiresAt: number | null;
  /** Where webhooks go. `null` if nowhere. */
  readonly webhooksTo: string | null;
  readonly approvals: readonly OpenApproval[];
  /** Newest first. */
  readonly subscriptions: readonly SubscriptionView[];
}

/** A subscription, as the page shows it. */
export interface SubscriptionView extends Pick<
  Subscription,
  "id" | "name" | "status" | "test" | "currentPeriodEnd"
> {
  /** `10.00 USD` and how often. `null` if nothing recurs. */
  readonly recurring: { readonly price: Money; readonly interval: string } | null;
  readonly usage: {
    readonly lineItemId: string;
    readonly terms: string;
    readonly balanceUsed: Money;
    readonly cappedAmount: Money;
  } | null;
}

/** A charge, as the page shows it. */
export interface ChargeView extends Pick<
  UsageRecord,
  "id" | "description" | "price" | "idempotencyKey" | "test"
> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many requests were made for it. */
  readonly attempts: number;
}

/** The sources of a snapshot. */
export interface SnapshotSubjects {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly armed: ArmedFaults;
  readonly webhooks: WebhookAddress;
  /** Simulated milliseconds for each real one. */
  readonly speed: number;
}

/** Takes snapshots for the page. */
export class Snapshots {
  readonly #subjects: SnapshotSubjects;
  readonly #sums = new Sums();
  #requestCount = 0;

  constructor(subjects: SnapshotSubjects) {
    const { admin } = subjects;
    this.#subjects = subjects;
    for (const { price } of admin.ledger) this.#sums.add(price);
    admin.on("usageRecord", ({ price }) => this.#sums.add(price));
    admin.on("request", () => (this.#requestCount += 1));
  }

  take(): Snapshot {
    const { admin, shop, armed, webhooks, speed } = this.#subjects;
    const activity = [
      ...admin.requests.slice(-SHOWN).map(requestActivity),
      ...admin.webhooks.slice(-SHOWN).map(webhookActivity),
    ];
    return {
      now: admin.clock.now(),
      speed,
      shop: {
        domain: shop.domain,
        bucket: shop.throttleStatus,
        tokenExpiresAt: shop.offlineToken?.expiresAt ?? null,
        webhooksTo: webhooks.url,
        approvals: shop.openApprovals,
        subscriptions: shop.subscriptions.toReversed().map(subscriptionView),
      },
      charges: admin.ledger.slice(-SHOWN).toReversed().map(chargeView),
      chargeCount: admin.ledger.length,
      sums: this.#sums.all(),
      activity: activity
        .sort((a, b) => a.at - b.at)
        .slice(-SHOWN)
        .toReversed(),
      requestCount: this.#requestCount,
      faultCount: FAULT_NAMES.reduce((sum, name) => sum + admin.faults.counts[name], 0),
      armed: armed.all,
    };
  }
}

function subscriptionView(subscription: Subscription): SubscriptionView {
  const { id, name, status, test, currentPeriodEnd, lineItems, usageLineItem } = subscription;
  const pricing = usageLineItem?.usagePricing;
  const recurring = lineItems
    .map(({ plan }) => plan.pricingDetails)
    .find((details) => "price" in details);
  return {
    id,
    name,
    status,
    test,
    currentPeriodEnd,
    recurring: recurring ? { price: recurring.price, interval: recurring.interval } : null,
    usage:
      usageLineItem && pricing
        ? {
            lineItemId: usageLineItem.id,
            terms: pricing.terms,
            balanceUsed: pricing.balanceUsed,
            cappedAmount: pricing.cappedAmount,
          }
        : null,
  };
}

function chargeView(record: UsageRecord): ChargeView {
  const { id, createdAt, description, price, idempotencyKey, attempts, test } = record;
  const at = Date.parse(createdAt);
  return { id, at, description, price, idempotencyKey, test, attempts: attempts.length };
}
