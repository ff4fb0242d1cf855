import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** The connection failed or broke. `certainty` is `"notApplied"` only if no connection was made. */
export class NetworkError extends UsageBillingError {
  override readonly name = "NetworkError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** No complete response arrived within `timeout` milliseconds. */
export class TimeoutError extends UsageBillingError {
  override readonly name = "TimeoutError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The caller's signal aborted the call; `cause` is the signal's reason. */
export class AbortedError extends UsageBillingError {
  override readonly name = "AbortedError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}
