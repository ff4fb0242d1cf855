import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/**
 * Shopify answered 429, 430 or `THROTTLED` until the deadline had passed or no attempts were left.
 *
 * @remarks
 * A throttled request was not executed. `certainty` is `"unknown"` only if an earlier attempt of
 * the same call may have been.
 */
export class ThrottledError extends UsageBillingError {
  override readonly name = "ThrottledError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}
