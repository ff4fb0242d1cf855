import { UsageBillingError } from "./usage-billing-error.js";

/**
 * The answer is not one that the Admin API gives: not JSON, without data, with neither record nor
 * user errors, too large, a redirect, or an unexpected HTTP status.
 */
export class InvalidResponseError extends UsageBillingError {
  override readonly name = "InvalidResponseError" as const;
}
