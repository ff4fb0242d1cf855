/** The billing of an app that sends emails: what the tests beside it are about. */
import { UsageBillingError, type UsageBillingClient } from "shopify-usage-billing/2026-10";

/** A batch of emails that was sent, as the app's queue holds it. */
export interface SentBatch {
  /** Unique for ever, as the key that makes the charge happen once. */
  readonly id: string;
  readonly emails: number;
  /** When it was sent; it is billed after that. */
  readonly sentAt: Date;
  /** How often Shopify refused to charge for it. */
  readonly refusals: number;
}

/** What became of billing a batch. */
export type Billed =
  | { readonly outcome: "charged"; readonly amount: string }
  /** The merchant has to raise the cap, at the URL; then the batch comes again, with one refusal more. */
  | { readonly outcome: "overCap"; readonly raiseCapAt: string | null }
  /** Put it back into the queue as it is. */
  | { readonly outcome: "later"; readonly reason: string };

/** In dollars for 1000 emails. */
const PRICE = 1;

/** A batch is billed by the thousand; a thousand that was begun counts. */
function priceOf({ emails }: SentBatch): string {
  return `${Math.ceil(emails / 1000) * PRICE}.00`;
}

/**
 * The key of a batch. A refused key is not used again: whether Shopify would then answer with the
 * same refusal for ever is not documented.
 */
function keyOf({ id, refusals }: Pick<SentBatch, "id" | "refusals">): string {
  return refusals === 0 ? id : `${id}/${refusals}`;
}

/** Bills a batch. Called again with the same batch, it charges once. */
export async function billBatch(billing: UsageBillingClient, batch: SentBatch): Promise<Billed> {
  try {
    if (batch.refusals > 0) {
      // Before a new key is used: an earlier call with the old one may have charged after all.
      const idempotencyKey = keyOf({ id: batch.id, refusals: batch.refusals - 1 });
      const createdAfter = batch.sentAt;
      const record = await billing.findUsageRecord({ idempotencyKey, createdAfter });
      if (record) return { outcome: "charged", amount: record.price.amount };
    }
    const result = await billing.createUsageRecord({
      description: `${batch.emails} emails`,
      price: { amount: priceOf(batch), currencyCode: "USD" },
      idempotencyKey: keyOf(batch),
    });
    if (result.ok) return { outcome: "charged", amount: result.usageRecord.price.amount };
    const [{ code, message }] = result.userErrors;
    if (result.certainty === "unknown" || code !== "CAPPED_AMOUNT_EXCEEDED") {
      return { outcome: "later", reason: message };
    }
    return { outcome: "overCap", raiseCapAt: await proposeCap(billing) };
  } catch (error) {
    if (error instanceof UsageBillingError) return { outcome: "later", reason: error.message };
    throw error;
  }
}

/** Proposes a cap of 100 USD, and gives the page where the merchant confirms it. */
async function proposeCap(billing: UsageBillingClient): Promise<string | null> {
  const proposed = await billing.updateCappedAmount({
    cappedAmount: { amount: "100.00", currencyCode: "USD" },
  });
  return proposed.ok ? proposed.payload.confirmationUrl : null;
}
