import { withoutTokens } from "./without-tokens.js";

/**
 * Whether a call can have charged.
 *
 * @remarks
 * `"notApplied"`: it certainly did not; no attempt of the call was executed.
 * `"unknown"`: at least one attempt may have been executed. Call again with the same
 * idempotency key, or look with `findUsageRecord`.
 *
 * It describes one call only: an earlier call with the same key may have charged.
 */
export type Certainty = "notApplied" | "unknown";

/** What an error knows about the whole call that it ended. */
export interface CallFacts {
  readonly certainty: Certainty;
  readonly idempotencyKey: string | null;
  readonly attempts: number | null;
  /** Absent if no response arrived. */
  readonly status?: number | null;
  readonly requestId?: string | null;
  readonly body?: string | null;
}

/** What an error knows about the HTTP response it was made from. */
export interface AnswerFacts {
  readonly certainty?: Certainty | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfter?: number | null | undefined;
  readonly status?: number | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly body?: string | null | undefined;
  readonly cause?: unknown;
}

/** Marks the errors of every copy of this package: an app may load it as an ES module and as CommonJS. */
const BRAND = Symbol.for("shopify-usage-billing.error");

/** Whether a value carries the brand of this package's errors. */
export function isBranded(value: unknown): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, BRAND) === true;
}

/**
 * The base of every error that this package throws.
 *
 * @remarks
 * A job queue sees a failed job. A handler reads {@link certainty} and {@link retryable}, and calls
 * again with {@link idempotencyKey}. No property contains the access token, and no message anything that
 * looks like a token of Shopify's. Recognize these errors with
 * `isUsageBillingError`, which also narrows to the union of all classes.
 *
 * @example
 * ```ts
 * try {
 *   await billing.createUsageRecord(input);
 * } catch (error) {
 *   if (!isUsageBillingError(error) || !error.retryable) throw error;
 *   await queue.add({ ...input, idempotencyKey: error.idempotencyKey }, { delay: error.retryAfter ?? 0 });
 * }
 * ```
 */
export abstract class UsageBillingError extends Error {
  /** Whether the call can have charged. A call that only reads is always `"notApplied"`. */
  readonly certainty: Certainty;
  /** Whether the same call, made again later with the same key, can end differently. */
  readonly retryable: boolean;
  /** How long to wait before calling again, in milliseconds. `null` if Shopify did not say. */
  readonly retryAfter: number | null;
  /** The key to call again with, even if the client made it up. `null` if the call has no key. */
  readonly idempotencyKey: string | null = null;
  /** How many times the request was sent. `null` if an app's own urql client hides it. */
  readonly attempts: number | null = 0;
  /** Shopify's `X-Request-Id` of the last response, to quote to Shopify's support. `null` if none arrived. */
  readonly requestId: string | null;
  /** The HTTP status of the last response. `null` if none arrived, or if an app's own urql client hides it. */
  readonly status: number | null;
  /** The body of the last response, cut at 2,000 characters, without the access token. `null` if none was kept. */
  readonly body: string | null;

  static {
    // On the prototype, where inspectors do not print it.
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  constructor(message: string, options: AnswerFacts = {}) {
    super(withoutTokens(message), "cause" in options ? { cause: options.cause } : undefined);
    this.certainty = options.certainty ?? "notApplied";
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
    this.requestId = options.requestId ?? null;
    this.status = options.status ?? null;
    this.body = options.body ?? null;
  }
}

/** Marks an error that ended a call, also for another copy of this package. */
const ENDED = Symbol.for("shopify-usage-billing.ended");

/**
 * Completes an error with what only the whole call knows.
 *
 * @internal
 */
export function withCallFacts<E extends UsageBillingError>(error: E, facts: CallFacts): E {
  Object.defineProperty(error, ENDED, { value: true });
  return Object.assign(error, facts);
}

/**
 * Whether an error says how a call ended, rather than what became of one request.
 *
 * @internal
 */
export function hasEndedCall(error: UsageBillingError): boolean {
  return ENDED in error;
}
