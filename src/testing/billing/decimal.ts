// Sums are big.js's: the simulator judges the client, so it must not share the client's algorithm.
import { Big } from "big.js";

/** A decimal number of any length. */
export type Decimal = Big;

export const ZERO: Decimal = new Big(0);

const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i;
const MAXIMUM_LENGTH = 128;

/** Reads a decimal, with or without an exponent, to the last digit. `null` if the text is not a decimal. */
export function parseDecimal(text: string): Decimal | null {
  if (text.length > MAXIMUM_LENGTH || !DECIMAL.test(text)) return null;
  const plain = text
    .trim()
    .replace(/^\+/, "")
    .replace(/\.(?=e|$)/i, "")
    .replace(/^(-?)\./, "$10.");
  return new Big(plain);
}

/** Prints as Shopify does: without trailing zeros, with at least one decimal ("1.0", "12.5", "100.0"). */
export function printDecimal(decimal: Decimal): string {
  const text = decimal.toFixed();
  return text.includes(".") ? text : `${text}.0`;
}
