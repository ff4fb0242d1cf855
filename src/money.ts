/**
 * An amount with its currency, as Shopify prints it.
 *
 * @remarks
 * `amount` is a decimal string (`"12.5"`, `"1.0"`), never a float: `"9007199254740993.01"`
 * survives unchanged. Source: Admin API, scalar `Decimal`.
 */
export interface Money<CurrencyCode extends string = string> {
  /** Decimal string. */
  readonly amount: string;
  /** ISO 4217 code, or one of Shopify's own such as `USDC`. */
  readonly currencyCode: CurrencyCode;
}

/** The most characters an amount may have; converting longer ones to numbers takes seconds. */
export const LONGEST_AMOUNT = 64;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** A decimal as `units / 10 ** scale`. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

function parse(text: string): Decimal | null {
  if (text.length > LONGEST_AMOUNT) return null;
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = "", whole = "0", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

/** Returns both decimals in the larger of their scales. */
function align(a: Decimal, b: Decimal): { a: bigint; b: bigint; scale: number } {
  const scale = Math.max(a.scale, b.scale);
  return {
    a: a.units * 10n ** BigInt(scale - a.scale),
    b: b.units * 10n ** BigInt(scale - b.scale),
    scale,
  };
}

/** Formats as Shopify does: without trailing zeros, with at least one decimal. */
function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}.${fraction || "0"}`;
}

/**
 * Formats a finite number as its shortest decimal without an exponent: `1e-7` becomes
 * `"0.0000001"`.
 */
function decimalOf(value: number): string {
  const [mantissa = "", exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  const [, sign = "", whole = "", fraction = ""] = DECIMAL.exec(mantissa) ?? [];
  const shift = Number(exponent);
  const digits = whole + fraction;
  return shift < 0
    ? `${sign}0.${"0".repeat(-shift - 1)}${digits}`
    : sign + digits.padEnd(shift + 1, "0");
}

/**
 * Returns the decimal string to send for an amount; `null` if it is not a finite decimal.
 *
 * @param amount - a decimal string, kept unchanged, or a number
 */
export function toDecimalString(amount: unknown): string | null {
  if (typeof amount === "number") return Number.isFinite(amount) ? decimalOf(amount) : null;
  return typeof amount === "string" && DECIMAL.test(amount) ? amount : null;
}

/** Whether a decimal string is above zero. */
export function isPositive(amount: string): boolean {
  return !amount.startsWith("-") && /[1-9]/.test(amount);
}

/** Returns `a - b` of two decimal strings, exactly; `null` if one of them is not a decimal of at most 64 characters. */
export function subtract(a: string, b: string): string | null {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return null;
  const aligned = align(left, right);
  return print(aligned.a - aligned.b, aligned.scale);
}

/** Returns a decimal string without redundant zeros: `1.50` and `01.5` are one amount. */
export function canonical(amount: string): string {
  return amount.replace(/^(-?)0+(?=\d)/, "$1").replace(/(?:\.0+|(\.\d*?)0+)$/, "$1");
}

/** Whether two decimal strings differ by a cent or more, that is by more than rounding to cents explains. */
export function differsByCents(a: string, b: string): boolean {
  if (a === b) return false;
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return true;
  const aligned = align(left, right);
  const difference = aligned.a - aligned.b;
  return (difference < 0n ? -difference : difference) * 100n >= 10n ** BigInt(aligned.scale);
}
