import type { Certainty } from "./errors/usage-billing-error.js";
import type { QueryCost } from "./transport/cost.js";

/** Something that stood beside a charge that was made, and that an app may want to log. */
export interface Warning {
  /**
   * Where it stood: among the payload's user errors, among the answer's GraphQL errors, or in
   * the record itself.
   */
  readonly source: "userErrors" | "errors" | "usageRecord";
  readonly message: string;
}

/** What is known of an answer besides its data. What a transport hides is null. */
export interface Meta {
  /** Shopify's `X-Request-Id`, to quote to Shopify's support. */
  readonly requestId: string | null;
  /** How often the request was sent. */
  readonly attempts: number | null;
  /** The idempotency key that was sent; null for calls without one. */
  readonly idempotencyKey: string | null;
  readonly apiVersion: {
    /** The version of the import path. */
    readonly requested: string;
    /** The version that Shopify really served: the oldest supported one where the requested is retired. */
    readonly served: string | null;
  };
  /** Points, as the last answer told. */
  readonly cost: QueryCost | null;
  /** Is the subscription that was looked up a test one, whose charges are never billed? Null without look-up. */
  readonly test: boolean | null;
  readonly warnings: readonly Warning[];
}

/** A list that is known to hold at least one element. */
export type NonEmptyArray<T> = readonly [T, ...T[]];

/** Shopify did what was asked. */
export interface Success<Payload> {
  readonly ok: true;
  /** The mutation's payload without its `userErrors`; what the schema lets be null still may be. */
  readonly payload: Payload;
  readonly meta: Meta;
}

/** Shopify refused, and said why. */
export interface Refusal<Error> {
  readonly ok: false;
  readonly userErrors: NonEmptyArray<Error>;
  /** Whether this call can have had its effect nevertheless, by an earlier attempt. */
  readonly certainty: Certainty;
  /**
   * Whether the same call, sent again later with the same key, can end otherwise: only if another
   * request with the key was being processed.
   */
  readonly retryable: boolean;
  /** Milliseconds to wait before the call is sent again; `null` if Shopify gave none. */
  readonly retryAfter: number | null;
  readonly meta: Meta;
}

/** What a mutation was answered. Where no answer was reached, the promise rejects instead. */
export type MutationResult<Payload, Error> = Success<Payload> | Refusal<Error>;
