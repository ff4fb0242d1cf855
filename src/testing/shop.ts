import type { Account } from "./billing/account.js";
import type { AppCredit, AppCreditOptions } from "./billing/app-credit.js";
import type { Approval, OpenApproval } from "./billing/approval.js";
import { money, positiveAmount } from "./billing/money.js";
import type { Subscription } from "./billing/subscription.js";
import { agreedTerms, type SubscriptionOptions } from "./billing/subscription-options.js";
import type { SubscriptionStatus } from "./billing/subscription-terms.js";
import type { UsageRecord, UsageRecordContent } from "./billing/usage-record.js";
import type { ThrottleStatus } from "./graphql/bucket.js";
import { dateTime, pointInTime } from "./platform/clock.js";
import type { GraphQLOptions, ShopStatus, UsageRecordSeed } from "./shop-options.js";
import type { AccessTokens } from "./tokens/access-tokens.js";
import type { OfflineToken } from "./tokens/offline-token.js";
import type { Webhooks } from "./webhooks/webhooks.js";
import type { WebhookSubscriptionOptions } from "./webhooks/webhook-subscription.js";
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
   * const body: unknown = await response.json();
   * ```
   */
  readonly graphql: (query: string, options?: GraphQLOptions) => Promise<Response>;
  readonly #account: Account;
  readonly #tokens: AccessTokens;
  readonly #webhooks: Webhooks;

  /** @internal Made by `admin.addShop`. */
  constructor(
    account: Account,
    tokens: AccessTokens,
    webhooks: Webhooks,
    graphql: Shop["graphql"],
  ) {
    this.#webhooks = webhooks;
    this.#account = account;
    this.#tokens = tokens;
    this.graphql = graphql;
    this.domain = account.domain;
    this.app = account.app;
  }

  /**
   * The token that the app was given last, with its refresh token if it expires: what an app's session
   * storage would hold. `null` after the app was uninstalled.
   */
  get offlineToken(): OfflineToken | null {
    return this.#tokens.current(this.#account);
  }

  /** The app's client id. */
  get apiKey(): string {
    return this.#account.apiKey;
  }

  /** Whether the shop can be reached, and if not, why. */
  get status(): ShopStatus {
    return this.#account.status;
  }

  /** Makes the shop answer 402 (`frozen`), 403 (`forbidden`), 404 (`closed`), 423 (`locked`), or as usual (`open`). */
  setStatus(status: ShopStatus): void {
    this.#account.status = status;
  }

  /** Every subscription ever made, oldest first. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#account.subscriptions.all];
  }

  /** The active subscription. `null` if there is none. */
  get activeSubscription(): Subscription | null {
    return this.#account.subscriptions.active;
  }

  /** What waits for the merchant's approval. */
  get openApprovals(): readonly OpenApproval[] {
    this.#account.settle();
    return this.#account.platform.approvals.openFor(this.#account);
  }

  /** The points that the app has left in this shop. */
  get throttleStatus(): ThrottleStatus {
    return this.#account.throttleStatus;
  }

  /** Takes points out of the bucket, as another process of the app would. All of them by default. */
  drain(points: number = Infinity): void {
    this.#account.bucket.drain(points, this.#account.now());
  }

  /**
   * Creates a subscription. It waits for the merchant's approval unless `status` says otherwise.
   *
   * @throws SimulatorUsageError if the options are invalid.
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
    const { platform, subscriptions } = this.#account;
    const { number = platform.nextNumber("AppSubscription"), balanceUsed, status } = options;
    if (options.number !== undefined && !platform.choose("AppSubscription", number)) {
      throw new SimulatorUsageError(
        `number must be unused, got ${number}, which another subscription has`,
      );
    }
    const createdAt =
      options.createdAt === undefined
        ? this.#account.now()
        : pointInTime("createdAt", options.createdAt);
    const subscription = subscriptions.create(agreedTerms(options), number, createdAt);
    if (balanceUsed !== undefined) {
      const { currencyCode } = subscription.terms;
      const balance = positiveAmount("balanceUsed", { amount: balanceUsed, currencyCode });
      subscription.usageLineItem?.usagePricing?.charge(balance, 0);
    }
    if (status === "ACTIVE" || status === "FROZEN" || status === "CANCELLED") {
      subscriptions.activate(subscription, createdAt);
    }
    if (status !== undefined && status !== subscription.status) {
      subscriptions.change(subscription, status);
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

  /** Credits the merchant, as the app's developer can in the Partner Dashboard. The API only reads credits. */
  addCredit(options: AppCreditOptions): AppCredit {
    return this.#account.addCredit(options);
  }

  /**
   * The merchant uninstalls the app: its subscriptions end, its tokens are refused, and it gets
   * `APP_UNINSTALLED`, its last webhook.
   */
  uninstall(): void {
    this.#account.uninstall();
    this.#tokens.revokeAll(this.#account);
    this.#webhooks.unsubscribe(this.#account);
  }

  /**
   * Sends the app webhooks, signed with its client secret, until the returned function is called.
   *
   * @throws SimulatorUsageError for anything but an HTTP URL or a function.
   *
   * @example
   * ```ts
   * shop.subscribeToWebhooks({ to: "http://127.0.0.1:3000/webhooks" });
   * shop.subscribeToWebhooks({ topics: ["APP_UNINSTALLED"], to: (request) => handleWebhook(request) });
   * ```
   */
  subscribeToWebhooks(options: WebhookSubscriptionOptions): () => void {
    return this.#webhooks.subscribe(this.#account, options);
  }

  /**
   * Adds charges to the ledger without a request: history for a test or a page.
   *
   * @remarks
   * They count towards the balance of the period they were made in. The cap does not stop them.
   *
   * @returns the records, in the order given
   * @throws SimulatorUsageError if a price, date or line item is invalid.
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
        id === undefined ? this.activeSubscription?.usageLineItem : this.#account.lineItem(id);
      const currencyCode = lineItem?.usagePricing?.currencyCode;
      if (!lineItem || currencyCode === undefined) {
        throw new SimulatorUsageError(
          id === undefined
            ? `${this.domain} has no active subscription with a usage line item. Create and approve one first, or give subscriptionLineItemId.`
            : `subscriptionLineItemId must be a usage line item of ${this.domain}, got ${JSON.stringify(id)}`,
        );
      }
      const createdAt =
        seed.createdAt === undefined
          ? this.#account.now()
          : pointInTime("createdAt", seed.createdAt);
      const price = positiveAmount("price", { amount: seed.price, currencyCode });
      const content: UsageRecordContent = {
        description: seed.description ?? "Usage",
        price: money(price, currencyCode),
        idempotencyKey: seed.idempotencyKey ?? null,
        createdAt: dateTime(createdAt),
      };
      const { number } = seed;
      if (number !== undefined && !this.#account.platform.choose("AppUsageRecord", number)) {
        throw new SimulatorUsageError(
          `number must be unused, got ${number}, which another usage record has`,
        );
      }
      const record = this.#account.recordCharge(lineItem, content, price, null, number);
      if (seed.idempotencyKey !== undefined) {
        this.#account.idempotencyKeys.finish(seed.idempotencyKey, {
          appUsageRecord: record,
          userErrors: [],
        });
      }
      added.push(record);
    }
    return added;
  }

  /**
   * Acts as if another request with this idempotency key were running, until the returned function is
   * called.
   */
  holdIdempotencyKey(key: string): () => void {
    this.#account.idempotencyKeys.begin(key);
    return () => {
      this.#account.idempotencyKeys.release(key);
    };
  }

  #transition(
    verb: string,
    id: string,
    from: readonly SubscriptionStatus[],
    to: SubscriptionStatus,
  ): void {
    const subscription = this.#account.subscription(id);
    if (subscription === null) throw this.#unknown(verb, id);
    if (!from.includes(subscription.status)) {
      throw new SimulatorUsageError(
        `Cannot ${verb} ${id}: it must be ${from.join(" or ")}, and is ${subscription.status}`,
      );
    }
    this.#account.subscriptions.change(subscription, to);
  }

  #openApproval(verb: string, id: string): Approval {
    const [approval] = this.#account.approvals(id);
    if (!approval) throw this.#unknown(verb, id);
    const closed = approval.closedAs();
    if (closed === null) return approval;
    throw new SimulatorUsageError(
      `Cannot ${verb} ${id}: it is ${closed}, and nothing about it waits for approval`,
    );
  }

  #unknown(verb: string, id: string): SimulatorUsageError {
    return new SimulatorUsageError(
      `Cannot ${verb} ${JSON.stringify(id)}: ${this.app} has nothing with this id in ${this.domain}`,
    );
  }
}
