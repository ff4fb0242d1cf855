/** Exact arithmetic on Shopify's decimal strings: no float rounds an amount. */
import { Big } from "big.js";

/** The sum of decimal strings, with two decimals or more. */
export function sum(amounts: Iterable<string>): string {
  let total = Big(0);
  for (const amount of amounts) total = total.plus(amount);
  const exact = total.toFixed();
  const [, decimals = ""] = exact.split(".");
  return decimals.length < 2 ? total.toFixed(2) : exact;
}

/** A decimal string times a factor, to whole cents. */
export function times(amount: string, factor: number): string {
  return Big(amount).times(factor).toFixed(2, Big.roundDown);
}

/** Whether one decimal string is at least as large as another. */
export function isAtLeast(amount: string, other: string): boolean {
  return Big(amount).gte(other);
}

/**
 * How much of a cap is used, in whole percent, rounded half up as a merchant would: 49.97 of 100 is 50.
 * Only a cap that is used up is at 100, and only an unused one at 0.
 */
export function roundedPercent(used: string, cap: string): number {
  if (Big(cap).lte(0)) return 100;
  const percent = Big(used).times(100).div(cap).round(0, Big.roundHalfUp).toNumber();
  if (Big(used).gte(cap)) return percent;
  return Math.min(99, Math.max(Big(used).gt(0) ? 1 : 0, percent));
}

/** Converts to a float for lengths in pixels and estimates, never for an amount that is shown. */
export function roughly(amount: string): number {
  return Number(amount);
}
