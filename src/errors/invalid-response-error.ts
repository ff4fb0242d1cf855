import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/**
 * The answer is none that the Admin API gives: not JSON, without data, neither record nor
 * user errors, too large, a redirect, or an unexpected HTTP status.
 */
export class InvalidResponseError extends UsageBillingError {
  override readonly name = "InvalidResponseError" as const;
  /** Was the body cut off or not JSON, so that asking again may help? */
  readonly unreadable: boolean;

  constructor(message: string, options: AnswerFacts & { unreadable?: boolean } = {}) {
    super(message, options);
    this.unreadable = options.unreadable ?? false;
  }
}
