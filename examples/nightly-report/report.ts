/** What a shop was charged in a day, from the usage records themselves. */
import { Big } from "big.js";
import type { UsageBillingClient } from "shopify-usage-billing/2026-10";

/** A span of time: from its beginning, up to and without its end. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** One kind of usage in one currency. */
export interface ReportLine {
  readonly description: string;
  readonly currencyCode: string;
  readonly records: number;
  /** A decimal string. */
  readonly amount: string;
}

/** A line of the report while it grows. */
interface Kind {
  readonly description: string;
  readonly currencyCode: string;
  records: number;
  sum: Big;
}

/**
 * Adds up the usage records of a span, by description.
 *
 * They come newest first and a page at a time, so that a report about yesterday reads no more than
 * yesterday and what is newer, and holds no more than a page. They are those of the active
 * subscription: where a merchant changed plans, pass the `subscriptionId` of the one before as well.
 */
export async function usageReport(
  billing: UsageBillingClient,
  { from, to }: Span,
): Promise<readonly ReportLine[]> {
  const kinds = new Map<string, Kind>();
  for await (const { createdAt, description, price } of billing.usageRecords({ reverse: true })) {
    const time = Date.parse(createdAt);
    if (time >= to.getTime()) continue;
    if (time < from.getTime()) break;
    const { amount, currencyCode } = price;
    const key = JSON.stringify([description, currencyCode]);
    let kind = kinds.get(key);
    if (!kind) {
      kind = { description, currencyCode, records: 0, sum: Big(0) };
      kinds.set(key, kind);
    }
    kind.records += 1;
    kind.sum = kind.sum.plus(amount);
  }
  return [...kinds.values()]
    .map(({ description, currencyCode, records, sum }) => {
      return { description, currencyCode, records, amount: printAmount(sum) };
    })
    .sort((a, b) => a.description.localeCompare(b.description));
}

/** With two decimals, or with more where they are not zero. */
function printAmount(amount: Big): string {
  const exact = amount.toFixed();
  return /\.\d\d/.test(exact) ? exact : amount.toFixed(2);
}

/** The day before a moment, in UTC. */
export function dayBefore(moment: Date): Span {
  const to = new Date(moment);
  to.setUTCHours(0, 0, 0, 0);
  const from = new Date(to);
  from.setUTCDate(from.getUTCDate() - 1);
  return { from, to };
}

/** Prints a report, a line for each kind of usage. */
export function printReport(shop: string, { from }: Span, lines: readonly ReportLine[]): string {
  const title = `${shop}, ${from.toISOString().slice(0, 10)}`;
  if (lines.length === 0) return `${title}: nothing charged`;
  const printed = lines.map(
    ({ description, records, amount, currencyCode }) =>
      `  ${records} × ${description}: ${amount} ${currencyCode}`,
  );
  return [title, ...printed].join("\n");
}
