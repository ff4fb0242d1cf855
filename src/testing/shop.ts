import type { Approval, ApprovalKind, OpenApproval } from "./approval.js";
import { CostBucket, type BucketSize, type ThrottleStatus } from "./bucket.js";
import { dateTime, pointInTime } from "./clock.js";
import { PagedList } from "./connection.js";
import type { Decimal } from "./decimal.js";
import { parseGlobalId } from "./global-id.js";
import { IdempotencyKeys } from "./idempotency.js";
import { money, positiveAmount, priceTag } from "./money.js";
import { OneTimePurchase, type OneTimePurchaseContent } from "./one-time-purchase.js";
import type { Platform } from "./platform.js";
import {
  BILLING_REFUSALS,
  BUCKETS,
  type Distribution,
  type GraphQLOptions,
  type ShopOptions,
  type ShopStatus,
  type UsageRecordSeed,
} from "./shop-options.js";
import type {
  LineItem,
  Subscription,
  SubscriptionStatus,
  SubscriptionTerms,
} from "./subscription.js";
import { agreedTerms, type SubscriptionOptions } from "./subscription-options.js";
import { Subscriptions } from "./subscriptions.js";
import { UsageRecord, type UsageRecordContent } from "./usage-record.js";
import { SimulatorUsageError } from "./usage-error.js";

/**
 * One app in one shop: its subscriptions, charges, idempotency keys and points.
 *
 * @example
 * ```ts
 * const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_test" });
 * const subscription = shop.createSubscription({ cappedAmount: { amount: "100.00", currencyCode: "USD" } });
 * shop.approve(subscription.id);
 * ```
 */
export class Shop {
  /** `example.myshopify.com` */
  readonly domain: string;
  /** The app's name. */
  readonly app: string;
  /**
   * Sends a GraphQL request as the app, like `admin.graphql` of Shopify's Remix and React Router packages.
   *
   * @example
   * ```ts
   * const response = await shop.graphql("{ currentAppInstallation { activeSubscriptions { id } } }");
   * const answer: unknown = await response.json();
   * ```
   */
  readonly graphql: (query: string, options?: GraphQLOptions) => Promise<Response>;
  /** @internal */
  readonly number: number;
  readonly #platform: Platform;
  readonly #distribution: Distribution;
  readonly #mayManageBilling: boolean;
  readonly #bucket: CostBucket;
  readonly #idempotencyKeys: IdempotencyKeys;
  readonly #subscriptions: Subscriptions;
  readonly #usageRecords: Map<number, UsageRecord> = new Map();
  readonly #purchases: Map<number, OneTimePurchase> = new Map();
  readonly #allPurchases: PagedList<OneTimePurchase> = new PagedList();
  #status: ShopStatus;

  /** @internal Made by `admin.addShop`. */
  constructor(
    platform: Platform,
    bucket: BucketSize | undefined,
    options: ShopOptions,
    graphql: Shop["graphql"],
  ) {
    this.graphql = graphql;
    this.domain = options.shop;
    this.app = options.app ?? "usage-app";
    this.number = platform.nextNumber("AppInstallation");
    this.#platform = platform;
    this.#distribution = options.distribution ?? "public";
    this.#mayManageBilling = options.mayManageBilling ?? true;
    this.#status = options.status ?? "open";
    this.#bucket = new CostBucket(
      bucket ?? BUCKETS[options.plan ?? "standard"],
      platform.clock.now(),
    );
    this.#subscriptions = new Subscriptions(this, platform);
    this.#idempotencyKeys = new IdempotencyKeys(platform.choices.replay);
  }

  /** Can the shop be reached? */
  get status(): ShopStatus {
    return this.#status;
  }

  /** From now on the shop answers 402 (`frozen`), 403 (`forbidden`), 404 (`closed`), 423 (`locked`), or again as usual (`open`). */
  setStatus(status: ShopStatus): void {
    this.#status = status;
  }

  /** Every subscription ever made, oldest first. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.all];
  }

  /** The subscription that is active now: there is one at most. */
  get activeSubscription(): Subscription | null {
    return this.#subscriptions.active;
  }

  /** What the merchant is asked to approve at the moment. */
  get openApprovals(): readonly OpenApproval[] {
    this.settle();
    return this.#platform.approvals.openIn(this);
  }

  /** The points that the app has left in this shop. */
  get throttleStatus(): ThrottleStatus {
    return this.#bucket.status(this.now());
  }

  /** Takes points out of the bucket, as another process of the app would. All of them by default. */
  drain(points: number = Infinity): void {
    this.#bucket.drain(points, this.now());
  }

  /**
   * Creates a subscription, waiting for the merchant's approval unless `status` says otherwise.
   *
   * @throws SimulatorUsageError where the options make no sense.
   *
   * @example
   * ```ts
   * shop.createSubscription({
   *   cappedAmount: { amount: "100.00", currencyCode: "USD" },
   *   terms: "$1 for 1000 emails",
   *   status: "ACTIVE",
   * });
   * ```
   */
  createSubscription(options: SubscriptionOptions): Subscription {
    const { number = this.#platform.nextNumber("AppSubscription"), balanceUsed, status } = options;
    if (options.number !== undefined && !this.#platform.choose("AppSubscription", number)) {
      throw new SimulatorUsageError(
        "number",
        `another subscription has ${number}`,
        "Leave it out, or give a number of its own",
      );
    }
    const createdAt =
      options.createdAt === undefined ? this.now() : pointInTime("createdAt", options.createdAt);
    const subscription = this.#subscriptions.create(agreedTerms(options), number, createdAt);
    if (balanceUsed !== undefined) {
      const { currencyCode } = subscription.terms;
      const balance = positiveAmount("balanceUsed", { amount: balanceUsed, currencyCode });
      subscription.usageLineItem?.usagePricing?.charge(balance, 0);
    }
    if (status === "ACTIVE" || status === "FROZEN" || status === "CANCELLED") {
      this.#subscriptions.activate(subscription, createdAt);
    }
    if (status !== undefined && status !== subscription.status) {
      this.#subscriptions.change(subscription, status);
    }
    return subscription;
  }

  /**
   * The merchant approves: a pending subscription becomes active and replaces the one before it, or a
   * higher capped amount begins to count, or a one-time purchase is charged.
   *
   * @param id - of a subscription, a line item or a one-time purchase
   */
  approve(id: string): void {
    this.#openApproval("approve", id).approve();
  }

  /** The merchant declines what {@link approve} would approve. */
  decline(id: string): void {
    this.#openApproval("decline", id).decline();
  }

  /** A pending subscription expires, as it would by itself after two days. */
  expire(id: string): void {
    this.#transition("expire", id, ["PENDING"], "EXPIRED");
  }

  /** An active subscription is put on hold, as for a bill that was not paid. */
  freeze(id: string): void {
    this.#transition("freeze", id, ["ACTIVE"], "FROZEN");
  }

  /** A frozen subscription becomes active again. */
  unfreeze(id: string): void {
    this.#transition("unfreeze", id, ["FROZEN"], "ACTIVE");
  }

  /** A subscription ends, as when the app is uninstalled. */
  cancel(id: string): void {
    this.#transition("cancel", id, ["PENDING", "ACCEPTED", "ACTIVE", "FROZEN"], "CANCELLED");
  }

  /**
   * Puts charges into the ledger without any request: history for a test or for a page to show.
   *
   * @remarks
   * They count to the balance of the period they were made in; the cap does not stop them.
   *
   * @returns the records, in the order given
   * @throws SimulatorUsageError for a price, date or line item that makes no sense.
   *
   * @example
   * ```ts
   * shop.addUsageRecords([{ price: "12.50", description: "1000 emails", createdAt: "2025-01-31T12:00:00Z" }]);
   * ```
   */
  addUsageRecords(records: Iterable<UsageRecordSeed>): readonly UsageRecord[] {
    const added: UsageRecord[] = [];
    for (const seed of records) {
      const id = seed.subscriptionLineItemId;
      const lineItem =
        id === undefined ? this.activeSubscription?.usageLineItem : this.lineItem(id);
      const currencyCode = lineItem?.usagePricing?.currencyCode;
      if (!lineItem || currencyCode === undefined) {
        throw new SimulatorUsageError(
          "subscriptionLineItemId",
          id === undefined
            ? "there is no active subscription with a usage line item"
            : `${JSON.stringify(id)} is no usage line item of ${this.domain}`,
          "Create and approve a subscription first, or name the line item",
        );
      }
      const createdAt =
        seed.createdAt === undefined ? this.now() : pointInTime("createdAt", seed.createdAt);
      const price = positiveAmount("price", { amount: seed.price, currencyCode });
      const content: UsageRecordContent = {
        description: seed.description ?? "Usage",
        price: money(price, currencyCode),
        idempotencyKey: seed.idempotencyKey ?? null,
        createdAt: dateTime(createdAt),
      };
      const { number } = seed;
      if (number !== undefined && !this.#platform.choose("AppUsageRecord", number)) {
        throw new SimulatorUsageError(
          "number",
          `another usage record has ${number}`,
          "Leave it out, or give a number of its own",
        );
      }
      const record = this.recordCharge(lineItem, content, price, null, number);
      if (seed.idempotencyKey !== undefined) {
        this.#idempotencyKeys.finish(seed.idempotencyKey, {
          appUsageRecord: record,
          userErrors: [],
        });
      }
      added.push(record);
    }
    return added;
  }

  /**
   * Acts as if another request with this idempotency key were running, until the function that is
   * returned is called.
   */
  holdIdempotencyKey(key: string): () => void {
    this.#idempotencyKeys.begin(key);
    return () => {
      this.#idempotencyKeys.release(key);
    };
  }

  /** @internal */
  get platform(): Platform {
    return this.#platform;
  }

  /** @internal */
  get bucket(): CostBucket {
    return this.#bucket;
  }

  /** @internal */
  get idempotencyKeys(): IdempotencyKeys {
    return this.#idempotencyKeys;
  }

  /** @internal */
  get mayManageBilling(): boolean {
    return this.#mayManageBilling;
  }

  /** @internal */
  get allSubscriptions(): PagedList<Subscription> {
    return this.#subscriptions.all;
  }

  /** @internal */
  get allPurchases(): PagedList<OneTimePurchase> {
    return this.#allPurchases;
  }

  /** @internal */
  now(): number {
    return this.#platform.clock.now();
  }

  /** @internal Why the app may not use the Billing API; null where it may. */
  billingRefusal(): string | null {
    return BILLING_REFUSALS[this.#distribution];
  }

  /** @internal */
  subscription(id: string): Subscription | null {
    const gid = parseGlobalId(id);
    return gid?.type === "AppSubscription" ? this.#subscriptions.get(gid.number) : null;
  }

  /**
   * @internal
   * That an id without `?v=1&index=…` names the subscription's usage line item is a choice: unknown.
   * Seed 000 of the founding documents has such an id.
   */
  lineItem(id: string): LineItem | null {
    const gid = parseGlobalId(id);
    if (gid?.type !== "AppSubscriptionLineItem") return null;
    const subscription = this.#subscriptions.get(gid.number);
    if (gid.index === null) return subscription?.usageLineItem ?? null;
    return subscription?.lineItems[gid.index] ?? null;
  }

  /** @internal Anything of this app in this shop that is a `Node`. */
  node(id: string): Subscription | UsageRecord | OneTimePurchase | null {
    const gid = parseGlobalId(id);
    if (gid === null || gid.index !== null) return null;
    this.settle();
    switch (gid.type) {
      case "AppSubscription":
        return this.#subscriptions.get(gid.number);
      case "AppUsageRecord":
        return this.#usageRecords.get(gid.number) ?? null;
      case "AppPurchaseOneTime":
        return this.#purchases.get(gid.number) ?? null;
      default:
        return null;
    }
  }

  /** @internal */
  addSubscription(terms: SubscriptionTerms): Subscription {
    const number = this.#platform.nextNumber("AppSubscription");
    return this.#subscriptions.create(terms, number, this.now());
  }

  /** @internal Asks the merchant for a higher cap, which counts once it is approved. */
  requestCap(lineItem: LineItem, cap: Decimal): string {
    const { subscription, usagePricing } = lineItem;
    const { id, number, name, returnUrl, terms } = subscription;
    let closed: string | null = null;
    this.#platform.approvals.ask({
      shop: this,
      kind: "cappedAmount",
      id,
      number,
      name,
      agreement: [`Usage up to ${priceTag(money(cap, terms.currencyCode))} every 30 days`],
      returnUrl,
      closedAs: () => closed ?? (subscription.status === "ACTIVE" ? null : subscription.status),
      approve: () => {
        closed = "APPROVED";
        usagePricing?.setCap(cap);
        this.#subscriptions.changed(subscription);
      },
      decline: () => {
        closed = "DECLINED";
      },
    });
    return this.#platform.approvals.confirmationUrl("cappedAmount", number);
  }

  /** @internal Asks the merchant for a single payment. */
  addPurchase(content: OneTimePurchaseContent): OneTimePurchase {
    const number = this.#platform.nextNumber("AppPurchaseOneTime");
    const purchase = new OneTimePurchase(this, number, this.now(), content);
    this.#purchases.set(number, purchase);
    this.#allPurchases.add(purchase);
    this.#platform.approvals.ask({
      shop: this,
      kind: "oneTimePurchase",
      id: purchase.id,
      number,
      name: purchase.name,
      agreement: [`${priceTag(purchase.price)}, once`],
      returnUrl: purchase.returnUrl,
      closedAs: () => (purchase.status === "PENDING" ? null : purchase.status),
      approve: () => purchase.decide("ACTIVE"),
      decline: () => purchase.decide("DECLINED"),
    });
    return purchase;
  }

  /** @internal Makes a charge, whoever asked for it. */
  recordCharge(
    lineItem: LineItem,
    content: UsageRecordContent,
    price: Decimal,
    requestId: string | null,
    number: number = this.#platform.nextNumber("AppUsageRecord"),
  ): UsageRecord {
    const record = new UsageRecord(number, this, lineItem, content, requestId);
    const period = lineItem.subscription.periodAt(Date.parse(content.createdAt), "EVERY_30_DAYS");
    lineItem.usagePricing?.charge(price, period);
    lineItem.addUsageRecord(record);
    this.#usageRecords.set(number, record);
    this.#platform.ledger.push(record);
    this.#platform.events.emit("usageRecord", record);
    return record;
  }

  /** @internal Ends a subscription at the app's request. */
  cancelSubscription(subscription: Subscription): void {
    this.#subscriptions.change(subscription, "CANCELLED");
  }

  /** @internal */
  extendTrial(subscription: Subscription, days: number): void {
    subscription.extendTrial(days);
    this.#subscriptions.changed(subscription);
  }

  /** @internal Lets happen what time alone brings about. */
  settle(): void {
    this.#subscriptions.settle();
  }

  #transition(
    verb: string,
    id: string,
    from: readonly SubscriptionStatus[],
    to: SubscriptionStatus,
  ): void {
    const subscription = this.subscription(id);
    if (subscription === null) throw this.#unknown(verb, id);
    if (!from.includes(subscription.status)) {
      throw new SimulatorUsageError(
        verb,
        `subscription ${id} is ${subscription.status}`,
        `Only one that is ${from.join(" or ")} can be used`,
      );
    }
    this.#subscriptions.change(subscription, to);
  }

  #openApproval(verb: string, id: string): Approval {
    this.settle();
    const gid = parseGlobalId(id);
    const kinds: readonly ApprovalKind[] =
      gid?.type === "AppPurchaseOneTime" ? ["oneTimePurchase"] : ["subscription", "cappedAmount"];
    const found = kinds
      .map((kind) => this.#platform.approvals.find(kind, gid?.number ?? 0))
      .filter((approval) => approval?.shop === this);
    const open = found.find((approval) => approval?.closedAs() === null);
    if (open) return open;
    if (!found[0]) throw this.#unknown(verb, id);
    throw new SimulatorUsageError(
      verb,
      `${id} is ${found[0].closedAs() ?? ""} and waits for no answer`,
      "Create a subscription, or ask for a higher capped amount, first",
    );
  }

  #unknown(verb: string, id: string): SimulatorUsageError {
    return new SimulatorUsageError(
      verb,
      `${JSON.stringify(id)} is nothing that ${this.app} has in ${this.domain}`,
      "Give the id of a subscription that this shop created",
    );
  }
}
