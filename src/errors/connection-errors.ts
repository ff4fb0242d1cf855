import { UsageBillingError } from "./usage-billing-error.js";

/** The connection failed or broke; `"notApplied"` only where it was never made. */
export class NetworkError extends UsageBillingError {
  override readonly name = "NetworkError" as const;
}

/** No complete answer came within `timeout` milliseconds. */
export class TimeoutError extends UsageBillingError {
  override readonly name = "TimeoutError" as const;
}

/** The caller's signal aborted the call; `cause` is the signal's reason. */
export class AbortedError extends UsageBillingError {
  override readonly name = "AbortedError" as const;
}
