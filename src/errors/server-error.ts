import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** Shopify answered 5xx or `INTERNAL_SERVER_ERROR`; whether the request was executed is unknown. */
export class ServerError extends UsageBillingError {
  override readonly name = "ServerError" as const;
  /** The `Retry-After` of the answer, in milliseconds; null where there was none. */
  readonly retryAfter: number | null;

  constructor(message: string, options: AnswerFacts & { retryAfter?: number | null }) {
    super(message, options);
    this.retryAfter = options.retryAfter ?? null;
  }
}
