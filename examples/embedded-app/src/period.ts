/** A billing period of Shopify has 30 days. */
const DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** The period that usage adds up in. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** The period that ends at a moment, as Shopify gives it. */
export function periodUntil(currentPeriodEnd: string | null): Period | null {
  if (currentPeriodEnd === null) return null;
  const end = new Date(currentPeriodEnd);
  return { start: new Date(end.getTime() - DAYS * DAY), end };
}

/** Days until the period ends, begun ones among them. */
export function daysLeft({ end }: Period, now: Date): number {
  return Math.max(0, Math.ceil((end.getTime() - now.getTime()) / DAY));
}

/** How much of the period is over, from 0 to 1. */
export function elapsed({ start, end }: Period, now: Date): number {
  const share = (now.getTime() - start.getTime()) / (end.getTime() - start.getTime());
  return Math.min(1, Math.max(0, share));
}
