import { UsageBillingError, type AnswerFacts } from "./usage-billing-error.js";

/** The record that came back for an idempotency key. */
export interface ConflictingUsageRecord {
  readonly id: string;
  readonly createdAt: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly price: { readonly amount: string; readonly currencyCode: string };
  readonly subscriptionLineItem: { readonly id: string };
}

/**
 * Shopify returned the record of another charge for the caller's idempotency key, which had been
 * used before.
 *
 * @remarks
 * Never bill again because of this error: a charge with this key exists. `certainty` is
 * `"notApplied"` only if the record was clearly made before this call.
 * Source: Shopify returns the first response again for a repeated key (changelog of 2023-03-10).
 */
export class IdempotencyConflictError extends UsageBillingError {
  override readonly name = "IdempotencyConflictError" as const;
  /** The usage record that the key belongs to. */
  readonly usageRecord: ConflictingUsageRecord;

  constructor(message: string, options: AnswerFacts & { usageRecord: ConflictingUsageRecord }) {
    super(message, options);
    this.usageRecord = options.usageRecord;
  }
}
