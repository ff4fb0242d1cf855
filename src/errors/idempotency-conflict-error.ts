import { UsageBillingError } from "./usage-billing-error.js";

/** The record that an idempotency key came back with. */
export interface ConflictingUsageRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly price: { readonly amount: string; readonly currencyCode: string };
  readonly subscriptionLineItem: { readonly id: string };
}

/**
 * The caller's idempotency key came back with a record of another price or line item:
 * it had been used for another charge.
 *
 * @remarks
 * Never bill again because of this error: a charge with this key exists. It is
 * `"notApplied"` only where the record was clearly made before this call.
 * Source: Shopify returns the first response again for a repeated key (changelog of 2023-03-10).
 */
export class IdempotencyConflictError extends UsageBillingError {
  override readonly name = "IdempotencyConflictError" as const;
  /** The usage record that the key belongs to. */
  readonly usageRecord: ConflictingUsageRecord;

  constructor(
    message: string,
    options: { usageRecord: ConflictingUsageRecord; requestId?: string | null },
  ) {
    super(message, options);
    this.usageRecord = options.usageRecord;
  }
}
