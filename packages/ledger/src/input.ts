import { isStorable } from "./database.js";
import { decimalString } from "./decimals.js";
import { InvalidUsageError } from "./errors.js";

/** Milliseconds. */
export const DAY = 86_400_000;

const SHOP = /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/;
// oxlint-disable-next-line eslint/no-control-regex
const CONTROL = /[\u0000-\u001F\u007F]/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;

/** Matches Shopify's tokens by their prefix: one may be passed as the shop by mistake. */
const TOKEN = /(?:shp(?:at|ca|pa|rt|ss|tka|ua)|atkn|prtapi)_[\w.-]*\w/g;

function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, 80)).replaceAll(TOKEN, "[redacted]");
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "a list" : "an object";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

/** Makes the error for a value that is not what it must be. */
export function mustBe(field: string, expected: string, got: unknown): InvalidUsageError {
  return new InvalidUsageError(field, `must be ${expected}, got ${show(got)}`);
}

/** Refuses options that are not an object, and misspelt names. */
export function checkNames(options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null)
    throw mustBe("options", "an object", options);
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new InvalidUsageError(name, `is unknown; expected one of ${known.join(", ")}`);
    }
  }
}

export function checkWhole(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw mustBe(field, `a whole number from ${least} to ${most}`, value);
}

export function checkBoolean(field: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw mustBe(field, "true or false", value);
}

export function checkOneOf<T extends string>(field: string, value: T, expected: readonly T[]): T {
  if (expected.includes(value)) return value;
  throw mustBe(field, expected.map((one) => `"${one}"`).join(" or "), value);
}

/** Refuses a value that is neither a function nor `undefined`. */
export function checkFunction(field: string, value: unknown, expected: string): void {
  if (value !== undefined && typeof value !== "function") throw mustBe(field, expected, value);
}

/** Refuses a value that is neither an `AbortSignal`, of any realm, nor `undefined`. */
export function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  if (typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function") {
    return signal;
  }
  throw mustBe("signal", "an AbortSignal", signal);
}

/** Returns a shop's domain in lower case. @throws InvalidUsageError */
export function checkShop(shop: unknown): string {
  const domain = typeof shop === "string" ? shop.toLowerCase() : "";
  if (SHOP.test(domain)) return domain;
  throw mustBe("shop", 'a domain such as "example.myshopify.com"', shop);
}

/** Checks an id or the name of a meter. */
export function checkName(field: string, value: unknown, example: string): string {
  const expected = `text of 1 to 255 characters such as "${example}"`;
  if (typeof value !== "string" || value.trim() === "" || value.length > 255) {
    throw mustBe(field, expected, value);
  }
  if (CONTROL.test(value)) throw mustBe(field, "text without control characters", value);
  if (isStorable(value)) return value;
  throw mustBe(field, "well-formed Unicode, without half of a surrogate pair", value);
}

/** Checks a list of idempotency keys. */
export function checkKeys(field: string, keys: unknown, expected: string): readonly string[] {
  if (!Array.isArray(keys)) throw mustBe(field, expected, keys);
  return keys.map((key, n) => {
    if (typeof key === "string" && isStorable(key)) return key;
    throw mustBe(`${field}[${n}]`, "an idempotency key", key);
  });
}

export function checkDecimal(field: string, value: unknown): string {
  const text = decimalString(value);
  if (text !== null) return text;
  throw mustBe(field, 'a decimal string of at most 64 characters such as "1.50"', value);
}

/**
 * Returns a time as ISO 8601, in the years that PostgreSQL writes in the same way.
 *
 * @throws InvalidUsageError
 */
export function checkTime(field: string, value: unknown): string {
  const time = timeOf(value);
  const year = time.getUTCFullYear();
  if (Number.isNaN(year)) {
    throw mustBe(field, 'a Date or an ISO 8601 string such as "2026-01-31T12:00:00Z"', value);
  }
  if (year >= 1 && year <= 9999) return time.toISOString();
  throw mustBe(field, "a time in the years 1 to 9999", time.toISOString());
}

function timeOf(value: unknown): Date {
  if (typeof value === "string") return new Date(ISO_DATE.test(value) ? value : Number.NaN);
  // By its number: a Date may come from another realm. Not null, which would be 1970.
  return new Date(typeof value === "object" && value !== null ? Number(value) : Number.NaN);
}
