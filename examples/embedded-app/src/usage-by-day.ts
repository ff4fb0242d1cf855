import type { UsageRecord } from "shopify-usage-billing/react";
import { sum } from "./amount.js";
import type { Period } from "./period.js";

/** The usage of a calendar day. */
export interface UsageDay {
  /** Its midnight in the merchant's time zone. */
  readonly date: Date;
  /** Decimal string. */
  readonly amount: string;
  /** The period's total at the end of the day: a decimal string. */
  readonly total: string;
  readonly charges: number;
  /** Whether the day is still to come. */
  readonly future: boolean;
}

function midnight(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Groups charges by the days of a period, including the days still to come. */
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
