import type { UsageRecord } from "shopify-usage-billing/react";
import { sum } from "./amount.js";
import type { Period } from "./period.js";

/** The usage of one calendar day. */
export interface UsageDay {
  /** Its midnight, where the merchant is. */
  readonly date: Date;
  /** Decimal string. */
  readonly amount: string;
  /** What the period added up to by the end of the day: a decimal string. */
  readonly total: string;
  readonly charges: number;
  /** Is it still to come? */
  readonly future: boolean;
}

function midnight(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** The days of a period with what was charged on each, those still to come among them. */
export function usageByDay(
  records: readonly UsageRecord[],
  { start, end }: Period,
  now: Date,
): readonly UsageDay[] {
  const byDay = new Map<number, string[]>();
  for (const { createdAt, price } of records) {
    const date = new Date(createdAt);
    if (date < start || date >= end) continue;
    const day = midnight(date).getTime();
    byDay.set(day, [...(byDay.get(day) ?? []), price.amount]);
  }
  const days: UsageDay[] = [];
  let total = sum([]);
  // A calendar day is not always 24 hours long.
  for (let date = midnight(start); date < end; date = nextDay(date)) {
    const amounts = byDay.get(date.getTime()) ?? [];
    const amount = sum(amounts);
    total = sum([total, amount]);
    days.push({ date, amount, total, charges: amounts.length, future: date > now });
  }
  return days;
}

function nextDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
}
