import { UsageBillingError } from "./usage-billing-error.js";

/** The shop has no active subscription with a usage line item. The message says what was found instead. */
export class NoActiveUsageLineItemError extends UsageBillingError {
  override readonly name = "NoActiveUsageLineItemError" as const;
}
