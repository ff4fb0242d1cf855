import type { Billing, RecordFacts } from "./billing.js";
import { shortest } from "./decimals.js";
import { failureOf } from "./failure.js";
import { settleCharged, settleRefused } from "./settle.js";
import type { LedgerContext } from "./options.js";

/** A charge to look up at Shopify by its key. */
export interface Sought {
  readonly id: string;
  readonly key: string;
  readonly amount: string;
  readonly currency: string;
  /** The line items it was sent to, as a JSON list. */
  readonly sent_to: string;
  /** When it was first sent, in ISO 8601. */
  readonly first_sent_at: string;
}

/** Settles a charge whose record was found. If the record has another price, the app decides. */
async function settleFound(
  context: LedgerContext,
  { id, key, amount, currency }: Sought,
  record: RecordFacts,
  now: string,
): Promise<void> {
  const { price } = record;
  if (shortest(price.amount) === shortest(amount) && price.currencyCode === currency) {
    await settleCharged(context, key, record, now, false);
    return;
  }
  const message = `The key has made ${record.id} of ${price.amount} ${price.currencyCode}, not ${amount} ${currency}`;
  const refusal = { reason: "IdempotencyConflictError", message, proven: false, until: null };
  await settleRefused(context, id, { state: "refused", ...refusal }, now);
}

/** Clocks differ: a record may seem this much older than its first sending, in milliseconds. */
const MARGIN = 10 * 60_000;

/**
 * Looks up which charges Shopify has made, and settles those.
 *
 * @remarks
 * Like the client's `findUsageRecord`, but for many keys: it reads each line item once, newest first.
 *
 * @returns the charges that Shopify has certainly not made so far
 */
export async function lookUp(
  context: LedgerContext,
  billing: Billing,
  charges: readonly Sought[],
  now: string,
  signal: AbortSignal,
): Promise<readonly Sought[]> {
  const missing = new Map(charges.map((charge) => [charge.key, charge]));
  const byLineItem = new Map<string, Sought[]>();
  for (const charge of charges) {
    for (const lineItem of new Set(JSON.parse(charge.sent_to) as string[])) {
      byLineItem.set(lineItem, [...(byLineItem.get(lineItem) ?? []), charge]);
    }
  }
  for (const [subscriptionLineItemId, sought] of byLineItem) {
    const oldest = Math.min(...sought.map((charge) => Date.parse(charge.first_sent_at))) - MARGIN;
    const wanted = new Set(sought.map(({ key }) => key));
    const newestFirst = billing.usageRecords({ subscriptionLineItemId, reverse: true }, { signal });
    try {
      for await (const page of newestFirst.pages()) {
        for (const record of page) {
          const key = record.idempotencyKey;
          const charge = key === null ? undefined : missing.get(key);
          if (!charge || !wanted.delete(charge.key)) continue;
          missing.delete(charge.key);
          await settleFound(context, charge, record, now);
        }
        const last = page.at(-1);
        if (wanted.size === 0 || (last && Date.parse(last.createdAt) < oldest)) break;
      }
    } catch (error) {
      if (failureOf(error).name !== "NoActiveUsageLineItemError") throw error;
      // The line item is gone, which does not prove that its charges were never made.
      for (const { key } of sought) missing.delete(key);
    }
  }
  return [...missing.values()];
}
