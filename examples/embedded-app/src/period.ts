/** Shopify's billing period for usage, in days. */
const DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** A billing period: from its first moment up to, but not including, its last. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Returns the period that ends at Shopify's `currentPeriodEnd`. `null` if Shopify gives none. */
export function periodUntil(currentPeriodEnd: string | null): Period | null {
  if (currentPeriodEnd === null) return null;
  const end = new Date(currentPeriodEnd);
  return { start: new Date(end.getTime() - DAYS * DAY), end };
}

/** Days until the period ends; a started day counts. */
export function daysLeft({ end }: Period, now: Date): number {
  return Math.max(0, Math.ceil((end.getTime() - now.getTime()) / DAY));
}

/** The elapsed share of the period, from 0 to 1. */
export function elapsed({ start, end }: Period, now: Date): number {
  const share = (now.getTime() - start.getTime()) / (end.getTime() - start.getTime());
  return Math.min(1, Math.max(0, share));
}
