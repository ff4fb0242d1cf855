/**
 * How close usage is to the capped amount.
 * `approaching` starts at 90 %, when Shopify sends the webhook
 * `APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT`; `reached` means that nothing remains.
 */
export type CapLevel = "normal" | "approaching" | "reached";

const DECIMAL = /^(-?\d+)(?:\.(\d+))?$/;

/** Returns a decimal string in units of `10 ** -scale`; `null` if it is not a decimal. */
function unitsOf(amount: string, scale: number): bigint | null {
  const [, whole, fraction = ""] = DECIMAL.exec(amount) ?? [];
  return whole === undefined ? null : BigInt(whole + fraction.padEnd(scale, "0"));
}

/**
 * Returns the used share of the cap in whole percent, rounded down so that 99.99 % is not yet 100.
 *
 * @param balanceUsed - decimal string
 * @param cappedAmount - decimal string, in the same currency
 * @returns `null` if one of them is not a decimal
 */
export function percentUsed(balanceUsed: string, cappedAmount: string): number | null {
  const scales = [balanceUsed, cappedAmount].map(
    (amount) => DECIMAL.exec(amount)?.[2]?.length ?? 0,
  );
  const scale = Math.max(...scales);
  const used = unitsOf(balanceUsed, scale);
  const cap = unitsOf(cappedAmount, scale);
  if (used === null || cap === null) return null;
  // A cap of zero is used up from the start.
  return cap <= 0n ? 100 : Number((used * 100n) / cap);
}

/** @param balanceRemaining - decimal string */
export function capLevel(percent: number, balanceRemaining: string): CapLevel {
  if (balanceRemaining.startsWith("-") || !/[1-9]/.test(balanceRemaining)) return "reached";
  return percent >= 90 ? "approaching" : "normal";
}
