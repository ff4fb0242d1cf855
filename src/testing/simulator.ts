import { apiVersions, newestApiVersion } from "../api-versions.js";
import { Clock, pointInTime, type ClockMode, type SimulatorClock } from "./platform/clock.js";
import type { BucketSize } from "./graphql/bucket.js";
import { Account } from "./billing/account.js";
import type { CappedAmountMessage, RefreshTokenReuse, Replay } from "./billing/choices.js";
import { Endpoint } from "./http/endpoint.js";
import { Events, type EventListener, type SimulatorEvents } from "./platform/events.js";
import { Faults, type SimulatorFaults } from "./faults/faults.js";
import { listen, type ListenOptions, type SimulatorListener } from "./http/listener.js";
import { Platform } from "./platform/platform.js";
import { Random } from "./platform/random.js";
import { RequestLog, type RequestRecord } from "./http/request-log.js";
import { Schemas } from "./graphql/schema.js";
import { Shop } from "./shop.js";
import { checkedBucket, type ShopOptions } from "./shop-options.js";
import { simulatedFetch } from "./http/simulated-fetch.js";
import type { UsageRecord } from "./billing/usage-record.js";
import { AccessTokens } from "./tokens/access-tokens.js";
import type { Webhook } from "./webhooks/webhook.js";
import { WebhookFaults } from "./webhooks/webhook-faults.js";
import { Webhooks } from "./webhooks/webhooks.js";
import { SimulatorUsageError } from "./usage-error.js";

/** How a simulator behaves. */
export interface AdminSimulatorOptions {
  /** The seed of faults, latencies and request ids. Default: 1. */
  readonly seed?: number;
  /** The simulated time at the start. Default: the real time. */
  readonly now?: Date | string | number;
  /**
   * How simulated time passes: with real time (`running`), only by `clock.advance` (`manual`), or so
   * many times as fast as real time (`{ speed: 100 }`). Default: `running`.
   */
  readonly clock?: ClockMode;
  /**
   * Which responses a repeated idempotency key gets again. Shopify documents that it repeats successes;
   * whether it repeats failures is unknown. Default: `successes`.
   */
  readonly replay?: Replay;
  /**
   * Which of Shopify's two messages a charge above the cap gets: the documented one, or that of the
   * 2025-01 example. Default: `documented`.
   */
  readonly cappedAmountMessage?: CappedAmountMessage;
  /**
   * Whether the old plan's balance counts against the new cap after a plan change, until the old period
   * would have ended. `balanceUsed` reads 0 meanwhile, and charges are refused with "Failed to create
   * usage charge". Developers have reported it. Default: false.
   */
  readonly carryOverBalance?: boolean;
  /** Whether test subscriptions can be charged above their cap, as developers have reported. Default: false. */
  readonly testChargesPassCap?: boolean;
  /** The bucket of each shop that is given none of its own. Default: that of the shop's plan. */
  readonly bucket?: BucketSize;
  /**
   * The API versions that Shopify still supports, or `byDate` for those that it supports at the simulated
   * time. The oldest of them serves calls to older versions, and only the header
   * `X-Shopify-API-Version` says so (documented by Shopify). Default: each version serves its own calls.
   */
  readonly supportedVersions?: readonly string[] | "byDate";
  /**
   * From this time on, public apps get 403 for tokens that do not expire, as they will from Shopify from
   * `2027-01-01` on (documented by Shopify). Default: never.
   */
  readonly permanentTokensUntil?: Date | string | number;
  /**
   * Whether a refresh token can be used again. `refused` is what developers reported: the second use gets
   * 401, and an app that lost the response to the first is locked out. `untilReplacementIsUsed` is what
   * Shopify documents since 2026-08-28. Default: `refused`, the stricter one.
   */
  readonly refreshTokenReuse?: RefreshTokenReuse;
  /** Schemas in GraphQL's definition language, by API version, instead of or besides those of the package. */
  readonly schemas?: Readonly<Record<string, string>>;
  /** How many of the latest requests are kept. Default: 1000. */
  readonly requestLimit?: number;
}

const SHOP_DOMAIN = /^[a-z\d][a-z\d-]*\.myshopify\.com$/;

/**
 * The app-billing part of Shopify's Admin API, on this machine. Nobody is billed.
 *
 * @remarks
 * It executes real GraphQL on Shopify's own schema, so what an app sends is parsed, validated and
 * resolved as Shopify would. Make one with {@link createAdminSimulator}.
 */
export class AdminSimulator {
  /** The simulated time. */
  readonly clock: SimulatorClock;
  /** The faults that requests and webhooks meet. */
  readonly faults: SimulatorFaults;
  /** Every charge that was really made, oldest first, with the requests that asked for it. */
  readonly ledger: readonly UsageRecord[];
  /** The latest requests that were received, oldest first. It never holds an access token. */
  readonly requests: readonly RequestRecord[];
  /** The latest webhooks, oldest first, with their deliveries. */
  readonly webhooks: readonly Webhook[];
  /**
   * A `fetch` whose requests go to the simulator and never to the network: pass it to the client.
   *
   * @remarks
   * It serves every shop at `https://<shop>.myshopify.com`. Other hosts do not exist.
   */
  readonly fetch: typeof fetch;

  readonly #platform: Platform;
  readonly #webhooks: Webhooks;
  readonly #endpoint: Endpoint;
  readonly #bucket: BucketSize | undefined;
  readonly #accounts: Account[] = [];
  readonly #tokens: AccessTokens;
  readonly #shops: Shop[] = [];

  /** @internal */
  constructor(options: AdminSimulatorOptions) {
    const seed = options.seed ?? 1;
    if (!Number.isInteger(seed)) {
      throw new SimulatorUsageError(`seed must be a whole number, got ${seed}`);
    }
    const clock = new Clock(options.now, options.clock);
    const webhookFaults = new WebhookFaults(new Random(seed + 3));
    const faults = new Faults(new Random(seed), new Random(~seed), webhookFaults);
    const log = new RequestLog(options.requestLimit ?? 1000);
    this.#platform = new Platform(clock, new Events(), new Random(seed + 1), {
      replay: options.replay ?? "successes",
      cappedAmountMessage: options.cappedAmountMessage ?? "documented",
      carryOverBalance: options.carryOverBalance ?? false,
      testChargesPassCap: options.testChargesPassCap ?? false,
    });
    this.#tokens = new AccessTokens(
      clock,
      new Random(seed + 2),
      options.refreshTokenReuse ?? "refused",
    );
    this.#bucket = options.bucket && checkedBucket("bucket", options.bucket);
    this.#endpoint = new Endpoint({
      platform: this.#platform,
      schemas: new Schemas(options.schemas ?? {}),
      faults,
      log,
      accounts: this.#accounts,
      tokens: this.#tokens,
      permanentTokensUntil:
        options.permanentTokensUntil === undefined
          ? Infinity
          : pointInTime("permanentTokensUntil", options.permanentTokensUntil),
      oldestVersion: oldestVersion(options.supportedVersions, clock),
    });
    this.#webhooks = new Webhooks(this.#platform, webhookFaults, options.requestLimit ?? 1000);
    this.#platform.announce = (announcement) => this.#webhooks.announce(announcement);
    clock.onAdvance = () => {
      for (const account of this.#accounts) account.settle();
    };
    this.clock = clock;
    this.faults = faults;
    this.ledger = this.#platform.ledger;
    this.requests = log.records;
    this.webhooks = this.#webhooks.sent;
    this.fetch = simulatedFetch(this.#endpoint);
  }

  /** All shops, in the order in which they were added. */
  get shops(): readonly Shop[] {
    return [...this.#shops];
  }

  /**
   * Installs an app in a shop. A second app in the same shop, with a token of its own, shares nothing with the first.
   *
   * @throws SimulatorUsageError for a malformed domain, an empty token, or one that is taken.
   *
   * @example
   * ```ts
   * const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_test" });
   * ```
   */
  addShop(options: ShopOptions): Shop {
    const { accessToken } = options;
    if (!SHOP_DOMAIN.test(options.shop)) {
      throw new SimulatorUsageError(
        `shop must be a domain such as "example.myshopify.com", got ${JSON.stringify(options.shop)}`,
      );
    }
    if (accessToken === "" || this.#tokens.find(accessToken)) {
      throw new SimulatorUsageError(
        accessToken === ""
          ? "accessToken must not be empty"
          : "accessToken must be unique, because requests are assigned to shops by it; another shop or app has the same one",
      );
    }
    if (
      this.shops.some(
        ({ domain, app }) => domain === options.shop && app === (options.app ?? "usage-app"),
      )
    ) {
      throw new SimulatorUsageError(
        `${options.shop} has the app ${JSON.stringify(options.app ?? "usage-app")} already. Use the shop that was added before, or name another app.`,
      );
    }
    const bucket = options.bucket ? checkedBucket("bucket", options.bucket) : this.#bucket;
    const account = new Account(this.#platform, bucket, options);
    const shop = new Shop(account, this.#tokens, this.#webhooks, (query, request = {}) => {
      const { variables, apiVersion = newestApiVersion, headers, signal } = request;
      return this.fetch(`https://${options.shop}/admin/api/${apiVersion}/graphql.json`, {
        method: "POST",
        headers: {
          ...headers,
          "content-type": "application/json",
          "x-shopify-access-token": this.#tokens.current(account)?.accessToken ?? accessToken,
        },
        body: JSON.stringify({ query, variables }),
        signal: signal ?? null,
      });
    });
    if (options.offlineTokens === "expiring") this.#tokens.issueExpiring(account, accessToken);
    else this.#tokens.issuePermanent(account, accessToken);
    this.#accounts.push(account);
    this.#shops.push(shop);
    return shop;
  }

  /**
   * Serves all shops over HTTP on the loopback address. The token says which shop a request is for.
   *
   * @param port - default: 0, which is any free one
   * @throws SimulatorUsageError if the port is taken.
   *
   * @example
   * ```ts
   * const { endpoint, close } = await admin.listen();
   * const billing = createUsageBillingClient({ shop: shop.domain, accessToken, endpoint: endpoint() });
   * await close();
   * ```
   */
  async listen(port: number = 0, options: ListenOptions = {}): Promise<SimulatorListener> {
    const listener = await listen(this.#endpoint, port, options);
    this.#platform.approvals.origin = listener.url;
    const close = async (): Promise<void> => {
      const { approvals } = this.#platform;
      if (approvals.origin === listener.url) approvals.origin = null;
      await listener.close();
    };
    return { ...listener, close };
  }

  /**
   * Resolves once every webhook that is due has been delivered or has failed. Late ones and retries
   * wait for the simulated clock.
   *
   * @example
   * ```ts
   * shop.approve(subscription.id);
   * await admin.webhooksDelivered();
   * ```
   */
  webhooksDelivered(): Promise<void> {
    return this.#webhooks.delivered();
  }

  /**
   * Calls the listener for each event of that name, until the returned function is called.
   *
   * @example
   * ```ts
   * const stop = admin.on("usageRecord", (record) => console.log(record.price.amount));
   * ```
   */
  on<Name extends keyof SimulatorEvents>(name: Name, listener: EventListener<Name>): () => void {
    return this.#platform.events.on(name, listener);
  }
}

/** Returns the version that serves calls to retired ones. `null` if none is retired. */
function oldestVersion(
  supported: AdminSimulatorOptions["supportedVersions"],
  clock: Clock,
): () => string | null {
  if (supported !== "byDate") {
    const oldest = supported?.toSorted()[0] ?? null;
    return () => oldest;
  }
  return () => {
    const now = clock.now();
    const living = apiVersions.find(
      ({ retires }) => retires === null || now < Date.parse(`${retires}T15:00:00Z`),
    );
    return living?.handle ?? null;
  };
}

/**
 * Makes a simulator of Shopify's Admin API.
 *
 * @throws SimulatorUsageError if an option is invalid.
 *
 * @example
 * ```ts
 * const admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z" });
 * const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_test" });
 * shop.createSubscription({ cappedAmount: { amount: "100.00", currencyCode: "USD" }, status: "ACTIVE" });
 *
 * const billing = createUsageBillingClient({
 *   shop: "example.myshopify.com",
 *   accessToken: "shpat_test",
 *   fetch: admin.fetch,
 * });
 * ```
 */
export function createAdminSimulator(options: AdminSimulatorOptions = {}): AdminSimulator {
  return new AdminSimulator(options);
}
