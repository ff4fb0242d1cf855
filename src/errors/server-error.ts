import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** Shopify answered 5xx or `INTERNAL_SERVER_ERROR`; whether the request was executed is unknown. */
export class ServerError extends UsageBillingError {
  override readonly name = "ServerError" as const;

  constructor(message: string, options: AnswerFacts = {}) {
    super(message, { retryable: true, ...options });
  }
}
