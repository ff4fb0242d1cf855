import { UsageBillingError } from "./usage-billing-error.js";

/**
 * The response cannot be the Admin API's: not JSON, without data, with neither a record nor user
 * errors, too large, a redirect, or an unexpected HTTP status.
 */
export class InvalidResponseError extends UsageBillingError {
  override readonly name = "InvalidResponseError" as const;
}
