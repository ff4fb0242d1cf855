import type { Certainty } from "./errors/usage-billing-error.js";
import type { QueryCost } from "./transport/cost.js";

/** Something odd about a charge that was made. Log it, or look at it. */
export interface Warning {
  /**
   * Where it was found: the payload's user errors, the response's GraphQL errors, or the record itself,
   * which then is not what was asked for.
   */
  readonly source: "userErrors" | "errors" | "usageRecord";
  /** What was found, with the ids and amounts that differ. */
  readonly message: string;
}

/** What is known about a response besides its data. What an app's own urql client hides is `null`. */
export interface Meta {
  /** Shopify's `X-Request-Id`, to quote to Shopify's support. */
  readonly requestId: string | null;
  /** How many times the request was sent. */
  readonly attempts: number | null;
  /** The idempotency key that was sent; `null` for calls without one. */
  readonly idempotencyKey: string | null;
  readonly apiVersion: {
    /** The version of the import path. */
    readonly requested: string;
    /** The version that Shopify served: the oldest supported one if the requested one is retired. */
    readonly served: string | null;
  };
  /** Points, as the last response reported them. */
  readonly cost: QueryCost | null;
  /**
   * Whether the charged subscription is a test one, whose charges are never billed. `null` if it was not
   * looked up, or if an earlier call charged another.
   */
  readonly test: boolean | null;
  /** What an app should look at although the call succeeded; usually empty. */
  readonly warnings: readonly Warning[];
}

/** A list that is known to hold at least one element. */
export type NonEmptyArray<T> = readonly [T, ...T[]];

/** Shopify did what was requested. */
export interface Success<Payload> {
  readonly ok: true;
  /**
   * The mutation's payload without its `userErrors`. Fields that are nullable in the schema still
   * are.
   */
  readonly payload: Payload;
  readonly meta: Meta;
}

/** Shopify refused the request and gave its reasons. */
export interface Refusal<Error> {
  readonly ok: false;
  /** Why, in Shopify's words; at least one. */
  readonly userErrors: NonEmptyArray<Error>;
  /** Whether an earlier attempt of this call can have been applied nevertheless. */
  readonly certainty: Certainty;
  /**
   * Whether the same call, sent again later with the same key, can end differently: only if another
   * request with the key was being processed.
   */
  readonly retryable: boolean;
  /** Milliseconds to wait before calling again; `null` if Shopify did not say. */
  readonly retryAfter: number | null;
  readonly meta: Meta;
}

/** What Shopify made of a mutation. If the call failed, the promise rejects instead. */
export type MutationResult<Payload, Error> = Success<Payload> | Refusal<Error>;
