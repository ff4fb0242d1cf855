/**
 * Can this call have charged?
 *
 * @remarks
 * `"notApplied"`: surely not; no attempt of the call was executed.
 * `"unknown"`: at least one attempt may have been executed. Call again with the same
 * idempotency key, or look with `findUsageRecord`.
 *
 * It speaks of one call alone: an earlier call with the same key may have charged.
 */
export type Certainty = "notApplied" | "unknown";

/** What an error knows of the call it ended. */
export interface CallFacts {
  readonly certainty: Certainty;
  readonly idempotencyKey: string | null;
  readonly attempts: number | null;
  /** Absent where no answer came. */
  readonly status?: number | null;
  readonly requestId?: string | null;
}

/** What an error knows of the HTTP answer it was made from. */
export interface AnswerFacts {
  readonly certainty?: Certainty | undefined;
  readonly status?: number | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly body?: string | null | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error that this package throws.
 *
 * @remarks
 * A job queue sees a failed job; a handler reads {@link certainty} and goes on with
 * {@link idempotencyKey}. The access token is in none of the properties.
 *
 * @example
 * ```ts
 * try {
 *   await billing.createUsageRecord(input);
 * } catch (error) {
 *   if (error instanceof UsageBillingError && error.certainty === "unknown") {
 *     await queue.again({ ...input, idempotencyKey: error.idempotencyKey });
 *   } else throw error;
 * }
 * ```
 */
export abstract class UsageBillingError extends Error {
  /** Can the call have charged? A call that only reads never has: `"notApplied"`. */
  readonly certainty: Certainty;
  /** The key to go on with, also where the client made it up; null where the call has none. */
  readonly idempotencyKey: string | null = null;
  /** How often the request was sent, 0 where it never was; null where the transport hides it. */
  readonly attempts: number | null = 0;
  /** Shopify's `X-Request-Id` of the last answer, to quote to Shopify's support; null where none came. */
  readonly requestId: string | null;
  /** The HTTP status of the last answer; null where none came or the transport hides it. */
  readonly status: number | null;
  /** The last answer's body, cut at 2,000 characters, the access token removed; null where none was kept. */
  readonly body: string | null;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.certainty = options.certainty ?? "notApplied";
    this.requestId = options.requestId ?? null;
    this.status = options.status ?? null;
    this.body = options.body ?? null;
  }
}

/**
 * Completes an error with what only the whole call knows.
 *
 * @internal
 */
export function withCallFacts<E extends UsageBillingError>(error: E, facts: CallFacts): E {
  return Object.assign(error, facts);
}
