import type { Billing } from "./billing.js";
import { failureOf } from "./failure.js";
import { settleCharged } from "./settle.js";
import type { LedgerContext } from "./options.js";

/** A charge whose key is looked up at Shopify. */
export interface Sought {
  readonly id: string;
  readonly key: string;
  /** The line items it was sent to, as a JSON list. */
  readonly sent_to: string;
  /** ISO 8601: when it was sent first. */
  readonly first_sent_at: string;
}

/** Clocks differ: a record may seem older than its first sending by so many milliseconds. */
const MARGIN = 10 * 60_000;

/**
 * Looks up which of the charges Shopify has made, and settles these.
 *
 * @remarks
 * As the client's `findUsageRecord`, for many keys in one reading of each line item, newest first.
 *
 * @returns the charges that Shopify has surely not made until now
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
          if (key === null || !wanted.delete(key)) continue;
          missing.delete(key);
          await settleCharged(context, key, record, now, false);
        }
        const last = page.at(-1);
        if (wanted.size === 0 || (last && Date.parse(last.createdAt) < oldest)) break;
      }
    } catch (error) {
      if (failureOf(error).name !== "NoActiveUsageLineItemError") throw error;
      // What cannot be looked up is not known to be missing.
      for (const { key } of sought) missing.delete(key);
    }
  }
  return [...missing.values()];
}
