import type { BucketSize } from "./graphql/bucket.js";
import { SimulatorUsageError } from "./usage-error.js";

/**
 * How the app is distributed, which decides whether it may use the Billing API.
 *
 * @remarks
 * `custom` was captured from a live store; `undistributed` and `managedPricing` were reported by developers.
 */
export type Distribution = "public" | "custom" | "undistributed" | "managedPricing";

/**
 * Whether the shop can be reached: `frozen` is answered with 402, `forbidden` with 403, `closed` with
 * 404 and `locked` with 423 (documented by Shopify).
 */
export type ShopStatus = "open" | "frozen" | "forbidden" | "closed" | "locked";

/** The shop's plan, which decides the restore rate: 100, 200, 1000 or 2000 points per second (documented by Shopify). */
export type ShopPlan = "standard" | "advanced" | "plus" | "enterprise";

/** An app in a shop. */
export interface ShopOptions {
  /** `example.myshopify.com` */
  readonly shop: string;
  /** The token that requests of this app in this shop carry. It says which shop and app they are for. */
  readonly accessToken: string;
  /**
   * `expiring`: the access token lasts an hour of simulated time, and comes with a refresh token that can
   * be used once, at `/admin/oauth/access_token`; read both from `shop.offlineToken`. Default: `permanent`.
   */
  readonly offlineTokens?: "permanent" | "expiring";
  /** The app's client id. Default: the app's name. */
  readonly apiKey?: string;
  /** The app's client secret, which signs webhooks and session tokens. Default: `shpss_simulator`. */
  readonly apiSecret?: string;
  /** The access scopes that the shop has granted, such as `read_products`. Default: none. */
  readonly scopes?: readonly string[];
  /** The app's name. Apps in one shop have idempotency keys, subscriptions and points of their own. Default: `usage-app`. */
  readonly app?: string;
  /** Default: `public`. */
  readonly distribution?: Distribution;
  /** Default: `standard`. */
  readonly plan?: ShopPlan;
  /** In points. Default: what the plan has, or what the simulator was given for all shops. */
  readonly bucket?: BucketSize;
  /** Default: `open`. */
  readonly status?: ShopStatus;
  /**
   * Whether the user of an online access token may manage app billing. If not, every billing mutation is
   * answered with `ACCESS_DENIED`. Default: true.
   */
  readonly mayManageBilling?: boolean;
}

/** Options of a GraphQL request. */
export interface GraphQLOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Default: the newest stable one. */
  readonly apiVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A charge that a test puts into the ledger. */
export interface UsageRecordSeed {
  /** Must be above zero, in the currency of the line item. A number or a decimal string. */
  readonly price: string | number;
  /** Default: `Usage`. */
  readonly description?: string;
  /** Default: none. */
  readonly idempotencyKey?: string;
  /** Default: now. */
  readonly createdAt?: Date | string | number;
  /** Default: the usage line item of the active subscription. */
  readonly subscriptionLineItemId?: string;
  /** The number in its id. Default: one that no other usage record has. */
  readonly number?: number;
}

/** The client secret of an app that was not given one. */
export const DEFAULT_API_SECRET = "shpss_simulator";

/** Why an app may not use the Billing API. `null` if it may. */
export const BILLING_REFUSALS: Record<Distribution, string | null> = {
  public: null,
  custom: "Custom apps cannot use the Billing API",
  undistributed: "Apps without a public distribution cannot use the Billing API",
  managedPricing: "Managed Pricing Apps cannot use the Billing API (to create charges).",
};

/** 2000 for a rate of 100 was captured from a live store. That the others are 20 times their rate is a choice. */
export const BUCKETS: Record<ShopPlan, BucketSize> = {
  standard: { maximumAvailable: 2000, restoreRate: 100 },
  advanced: { maximumAvailable: 4000, restoreRate: 200 },
  plus: { maximumAvailable: 20000, restoreRate: 1000 },
  enterprise: { maximumAvailable: 40000, restoreRate: 2000 },
};

/** Checks a bucket that a test gives. */
export function checkedBucket(field: string, bucket: BucketSize): BucketSize {
  for (const name of ["maximumAvailable", "restoreRate"] as const) {
    if (!(bucket[name] > 0 && Number.isFinite(bucket[name]))) {
      throw new SimulatorUsageError(
        `${field}.${name} must be a number of points above zero, got ${bucket[name]}`,
      );
    }
  }
  return bucket;
}
