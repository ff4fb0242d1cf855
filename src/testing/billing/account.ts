import { AppInstallation, type App } from "../graphql/app-installation.js";
import { CostBucket, type BucketSize, type ThrottleStatus } from "../graphql/bucket.js";
import { PagedList } from "../graphql/connection.js";
import type { Platform } from "../platform/platform.js";
import {
  BILLING_REFUSALS,
  BUCKETS,
  DEFAULT_API_SECRET,
  type ShopOptions,
  type ShopStatus,
} from "../shop-options.js";
import {
  approachingCap,
  purchaseUpdate,
  subscriptionUpdate,
  uninstalled,
} from "../webhooks/payload.js";
import type { WebhookTopic } from "../webhooks/topic.js";
import type { Approval, ApprovalKind } from "./approval.js";
import { AppCredit, type AppCreditOptions } from "./app-credit.js";
import type { Decimal } from "./decimal.js";
import { parseGlobalId } from "./global-id.js";
import { IdempotencyKeys } from "./idempotency.js";
import type { LineItem } from "./line-item.js";
import { money, positiveAmount, priceTag } from "./money.js";
import { OneTimePurchase, type OneTimePurchaseContent } from "./one-time-purchase.js";
import type { Owner } from "./owner.js";
import type { Subscription } from "./subscription.js";
import type { SubscriptionTerms } from "./subscription-terms.js";
import { Subscriptions } from "./subscriptions.js";
import { UsageRecord, type UsageRecordContent, type UsageRecordPayload } from "./usage-record.js";

/** Anything of an app in a shop that has an id. */
export type Node = App | AppCredit | AppInstallation | OneTimePurchase | Subscription | UsageRecord;

/**
 * What Shopify keeps about one app in one shop: subscriptions, purchases, usage records, idempotency
 * keys and points. The API's fields resolve on it; a test author holds a `Shop` in front of it.
 */
export class Account implements Owner {
  readonly domain: string;
  readonly app: string;
  readonly number: number;
  /** The app's client id. */
  readonly apiKey: string;
  /** The app's client secret. */
  readonly apiSecret: string;
  /** The access scopes that the shop has granted. */
  readonly scopes: readonly string[];
  /** Whether the app is listed for all shops: from a date on, such apps need tokens that expire. */
  readonly isPublic: boolean;
  readonly platform: Platform;
  readonly bucket: CostBucket;
  readonly idempotencyKeys: IdempotencyKeys<UsageRecordPayload>;
  readonly installation: AppInstallation;
  /** Whether the user of the access token may manage app billing. */
  readonly mayManageBilling: boolean;
  /** Why the app may not use the Billing API. `null` if it may. */
  readonly billingRefusal: string | null;
  readonly subscriptions: Subscriptions;
  readonly purchases: PagedList<OneTimePurchase> = new PagedList();
  readonly credits: PagedList<AppCredit> = new PagedList();
  status: ShopStatus;

  readonly #purchases: Map<number, OneTimePurchase> = new Map();
  readonly #usageRecords: Map<number, UsageRecord> = new Map();

  constructor(platform: Platform, bucket: BucketSize | undefined, options: ShopOptions) {
    this.domain = options.shop;
    this.app = options.app ?? "usage-app";
    this.apiKey = options.apiKey ?? this.app;
    this.apiSecret = options.apiSecret ?? DEFAULT_API_SECRET;
    this.scopes = options.scopes ?? [];
    this.isPublic = (options.distribution ?? "public") === "public";
    this.number = platform.nextNumber("AppInstallation");
    this.platform = platform;
    this.mayManageBilling = options.mayManageBilling ?? true;
    this.billingRefusal = BILLING_REFUSALS[options.distribution ?? "public"];
    this.status = options.status ?? "open";
    const size = bucket ?? BUCKETS[options.plan ?? "standard"];
    this.bucket = new CostBucket(size, platform.clock.now());
    this.subscriptions = new Subscriptions(this, platform, (subscription) => {
      this.#announce(
        "APP_SUBSCRIPTIONS_UPDATE",
        subscriptionUpdate(subscription, this.number, this.now()),
      );
    });
    const { replay } = platform.choices;
    this.idempotencyKeys = new IdempotencyKeys(
      ({ appUsageRecord }) => replay === "all" || appUsageRecord !== null,
    );
    this.installation = new AppInstallation(this);
  }

  get appDetails(): object {
    return this.installation.app;
  }

  get throttleStatus(): ThrottleStatus {
    return this.bucket.status(this.now());
  }

  now(): number {
    return this.platform.clock.now();
  }

  settle(): void {
    this.subscriptions.settle();
  }

  confirmationUrl(kind: ApprovalKind, number: number): string {
    return this.platform.approvals.confirmationUrl(kind, number);
  }

  subscription(id: string): Subscription | null {
    const gid = parseGlobalId(id);
    return gid?.type === "AppSubscription" ? this.subscriptions.get(gid.number) : null;
  }

  /**
   * Returns the line item with this id. `null` if the app has none.
   *
   * @remarks
   * That an id without `?v=1&index=…` names the subscription's usage line item is a choice: unknown.
   * Seed 000 of the founding documents has such an id.
   */
  lineItem(id: string): LineItem | null {
    const gid = parseGlobalId(id);
    if (gid?.type !== "AppSubscriptionLineItem") return null;
    const subscription = this.subscriptions.get(gid.number);
    if (gid.index === null) return subscription?.usageLineItem ?? null;
    return subscription?.lineItems[gid.index] ?? null;
  }

  /** Returns anything of this app in this shop that is a `Node`. What others own does not exist here. */
  node(id: string): Node | null {
    if (id === this.installation.id) return this.installation;
    if (id === this.installation.app.id) return this.installation.app;
    const gid = parseGlobalId(id);
    if (gid === null || gid.index !== null) return null;
    switch (gid.type) {
      case "AppSubscription":
        return this.subscriptions.get(gid.number);
      case "AppUsageRecord":
        return this.#usageRecords.get(gid.number) ?? null;
      case "AppCredit":
        return [...this.credits].find(({ number }) => number === gid.number) ?? null;
      case "AppPurchaseOneTime":
        return this.#purchases.get(gid.number) ?? null;
      default:
        return null;
    }
  }

  addSubscription(terms: SubscriptionTerms): Subscription {
    const number = this.platform.nextNumber("AppSubscription");
    return this.subscriptions.create(terms, number, this.now());
  }

  /** Asks the merchant for a higher cap, which applies once it is approved. */
  requestCap(subscription: Subscription, lineItem: LineItem, cap: Decimal): string {
    const { id, number, name, returnUrl, terms } = subscription;
    let closed: string | null = null;
    this.platform.approvals.ask({
      owner: this,
      kind: "cappedAmount",
      id,
      number,
      name,
      agreement: [`Usage up to ${priceTag(money(cap, terms.currencyCode))} every 30 days`],
      returnUrl,
      closedAs: () => closed ?? (subscription.status === "ACTIVE" ? null : subscription.status),
      approve: () => {
        closed = "APPROVED";
        lineItem.usagePricing?.setCap(cap);
        this.subscriptions.changed(subscription);
      },
      decline: () => {
        closed = "DECLINED";
      },
    });
    return this.confirmationUrl("cappedAmount", number);
  }

  /** Asks the merchant for a single payment. */
  addPurchase(content: OneTimePurchaseContent): OneTimePurchase {
    const number = this.platform.nextNumber("AppPurchaseOneTime");
    const purchase = new OneTimePurchase(this, number, this.now(), content);
    this.#purchases.set(number, purchase);
    this.purchases.add(purchase);
    const decide = (decision: "ACTIVE" | "DECLINED"): void => {
      purchase.decide(decision);
      this.#announce(
        "APP_PURCHASES_ONE_TIME_UPDATE",
        purchaseUpdate(purchase, this.number, this.now()),
      );
    };
    this.platform.approvals.ask({
      owner: this,
      kind: "oneTimePurchase",
      id: purchase.id,
      number,
      name: purchase.name,
      agreement: [`${priceTag(purchase.price)}, once`],
      returnUrl: purchase.returnUrl,
      closedAs: () => (purchase.status === "PENDING" ? null : purchase.status),
      approve: () => decide("ACTIVE"),
      decline: () => decide("DECLINED"),
    });
    return purchase;
  }

  /** Credits the merchant. That it is in USD is a choice: unknown. */
  addCredit(options: AppCreditOptions): AppCredit {
    const amount = positiveAmount("amount", { amount: options.amount, currencyCode: "USD" });
    const number = this.platform.nextNumber("AppCredit");
    const credit = new AppCredit(number, money(amount, "USD"), options, this.now());
    this.credits.add(credit);
    return credit;
  }

  /** Makes a charge, whoever asked for it. */
  recordCharge(
    lineItem: LineItem,
    content: UsageRecordContent,
    price: Decimal,
    requestId: string | null,
    number: number = this.platform.nextNumber("AppUsageRecord"),
  ): UsageRecord {
    const record = new UsageRecord(number, this, lineItem, content, requestId);
    const period = lineItem.subscription.periodAt(Date.parse(content.createdAt), "EVERY_30_DAYS");
    const pricing = lineItem.usagePricing;
    const wasNear = pricing?.isNearCap() ?? false;
    pricing?.charge(price, period);
    lineItem.addUsageRecord(record);
    this.#usageRecords.set(number, record);
    this.platform.ledger.push(record);
    this.platform.events.emit("usageRecord", record);
    const subscription = this.subscription(lineItem.subscription.id);
    if (subscription && !wasNear && pricing?.isNearCap()) {
      this.#announce(
        "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT",
        approachingCap(subscription, this.number, this.now()),
      );
    }
    return record;
  }

  extendTrial(subscription: Subscription, days: number): void {
    subscription.extendTrial(days);
    this.subscriptions.changed(subscription);
  }

  /** Ends everything that the app has in the shop, and announces it. */
  uninstall(): void {
    for (const subscription of this.subscriptions.all) {
      if (["PENDING", "ACCEPTED", "ACTIVE", "FROZEN"].includes(subscription.status)) {
        this.subscriptions.change(subscription, "CANCELLED");
      }
    }
    this.#announce("APP_UNINSTALLED", uninstalled(this.domain, this.number));
  }

  #announce(topic: WebhookTopic, payload: object): void {
    this.platform.announce({ addressee: this, topic, payload });
  }

  /** The questions to this merchant about what has this id. The open one, if there is one, comes first. */
  approvals(id: string): readonly Approval[] {
    this.settle();
    const gid = parseGlobalId(id);
    const kinds: readonly ApprovalKind[] =
      gid?.type === "AppPurchaseOneTime" ? ["oneTimePurchase"] : ["subscription", "cappedAmount"];
    return kinds
      .flatMap((kind) => this.platform.approvals.find(kind, gid?.number ?? 0) ?? [])
      .filter(({ owner }) => owner === this)
      .sort((a, b) => Number(a.closedAs() !== null) - Number(b.closedAs() !== null));
  }
}
