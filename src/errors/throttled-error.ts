import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/**
 * Shopify answered 429 or `THROTTLED`, until the deadline or the attempts were spent.
 *
 * @remarks
 * A throttled request was not executed. `certainty` is `"unknown"` only where an earlier
 * attempt of the same call may have been.
 */
export class ThrottledError extends UsageBillingError {
  override readonly name = "ThrottledError" as const;
  /** How long to wait before calling again, in milliseconds; null where Shopify did not say. */
  readonly retryAfter: number | null;

  constructor(message: string, options: AnswerFacts & { retryAfter: number | null }) {
    super(message, options);
    this.retryAfter = options.retryAfter;
  }
}
