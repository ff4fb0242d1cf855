// The simulator judges the client, so it does its sums with its own code.

/** A decimal number as `units / 10 ** scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;
const MAXIMUM_LENGTH = 128;

/** Reads a decimal, with or without an exponent, to the last digit; null where the text is none. */
export function parseDecimal(text: string): Decimal | null {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    text.length <= MAXIMUM_LENGTH ? (DECIMAL.exec(text) ?? []) : [];
  if (whole + fraction === "") return null;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Prints as Shopify does: without trailing zeros, with at least one decimal ("1.0", "12.5", "100.0"). */
export function printDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}.${fraction || "0"}`;
}

/** The units of a decimal at a larger scale. */
function unitsAt(scale: number, decimal: Decimal): bigint {
  return decimal.scale === scale
    ? decimal.units
    : decimal.units * 10n ** BigInt(scale - decimal.scale);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(scale, a) + unitsAt(scale, b), scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { units: -b.units, scale: b.scale });
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Below zero where `a < b`, zero where they are equal, above zero where `a > b`. */
export function compare(a: Decimal, b: Decimal): number {
  const { units } = subtract(a, b);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}
