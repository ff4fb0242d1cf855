/** ISO 4217 currencies without a minor unit. */
export const WITHOUT_DECIMALS: ReadonlySet<string> = new Set(
  "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "),
);

/**
 * Returns the number of decimals that a currency is charged in: 0 or 2.
 *
 * @remarks
 * Not 3 for KWD, BHD and the like: Shopify rounds prices to cents, and a price with three decimals was
 * once billed a thousandfold (reported by a developer in 2020). The third decimal is carried to the next
 * charge.
 */
export function decimalsOf(currencyCode: string): 0 | 2 {
  return WITHOUT_DECIMALS.has(currencyCode) ? 0 : 2;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;
/** The client's own limit in characters. */
const LONGEST = 64;

/** Returns the decimal string of an amount, or `null` if it is not a finite decimal of at most 64 characters. */
export function decimalString(amount: unknown): string | null {
  // As its shortest decimal, without an exponent.
  const text =
    typeof amount === "number" && Number.isFinite(amount) ? withoutExponent(amount) : amount;
  return typeof text === "string" && text.length <= LONGEST && DECIMAL.test(text) ? text : null;
}

function withoutExponent(value: number): string {
  const [mantissa = "", exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const shift = Number(exponent);
  return shift < 0
    ? `${sign}0.${"0".repeat(-shift - whole.length)}${whole}${fraction}`
    : sign + (whole + fraction).padEnd(whole.length + shift, "0");
}

/** Removes the trailing zeros of a decimal, such as a sum of `numeric`s has: `250.00` becomes `250`. */
export function shortest(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
