/**
 * How near usage is to the capped amount: `approaching` from 90 % on, where Shopify sends the webhook
 * `APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT`; `reached` where nothing remains.
 */
export type CapLevel = "normal" | "approaching" | "reached";

const DECIMAL = /^(-?\d+)(?:\.(\d+))?$/;

/** A decimal string in units of `10 ** -scale`. */
function unitsOf(amount: string, scale: number): bigint | null {
  const [, whole, fraction = ""] = DECIMAL.exec(amount) ?? [];
  return whole === undefined ? null : BigInt(whole + fraction.padEnd(scale, "0"));
}

/**
 * How much of the cap is used, in whole percent, rounded down so that 99.99 % is not yet 100.
 *
 * @param balanceUsed - decimal string
 * @param cappedAmount - decimal string, in the same currency
 * @returns null where one of them is no decimal
 */
export function percentUsed(balanceUsed: string, cappedAmount: string): number | null {
  const scales = [balanceUsed, cappedAmount].map(
    (amount) => DECIMAL.exec(amount)?.[2]?.length ?? 0,
  );
  const scale = Math.max(...scales);
  const used = unitsOf(balanceUsed, scale);
  const cap = unitsOf(cappedAmount, scale);
  if (used === null || cap === null) return null;
  // A cap of nothing is used up from the start.
  return cap <= 0n ? 100 : Number((used * 100n) / cap);
}

/** @param balanceRemaining - decimal string */
export function capLevel(percent: number, balanceRemaining: string): CapLevel {
  if (balanceRemaining.startsWith("-") || !/[1-9]/.test(balanceRemaining)) return "reached";
  return percent >= 90 ? "approaching" : "normal";
}
