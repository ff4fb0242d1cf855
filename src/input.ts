import { InvalidInputError } from "./errors/invalid-input-error.js";
import { isGid, type GidType } from "./gid.js";
import { isObject } from "./is-object.js";
import type { RetryOptions } from "./transport/retry-options.js";
import { isPositive, LONGEST_AMOUNT, toDecimalString, type Money } from "./money.js";

/** A price or cap as the caller may give it. */
export interface MoneyValue<CurrencyCode extends string = string> {
  /**
   * A decimal string, sent unchanged, or a number, sent as its shortest decimal. At most 64
   * characters.
   */
  readonly amount: string | number;
  /** The currency of the subscription's capped amount. */
  readonly currencyCode: CurrencyCode;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call at any moment, even while it waits; the call then rejects with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one attempt may take. @defaultValue the client's */
  readonly timeout?: number | undefined;
  /** How often and how long to retry; `false` sends once. @defaultValue the client's */
  readonly retry?: false | RetryOptions | undefined;
}

const SHOWN = 80;

function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "a list" : "an object";
    case "function":
    case "symbol":
    case "bigint":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

/** Makes the error for a value that is not what it must be. */
export function mustBe(field: string, expected: string, actual: unknown): InvalidInputError {
  return new InvalidInputError(field, `must be ${expected}, got ${show(actual)}`);
}

/**
 * Returns an object's fields, and refuses unknown ones: a misspelt `idempotencyKey` must not charge
 * twice.
 *
 * @remarks
 * Fields inherited from a class count, such as a getter for the `idempotencyKey`. What every object
 * inherits is left out, so that a polluted `Object.prototype` cannot change a charge.
 */
export function checkFields<T>(name: string, value: T, known: readonly string[]): T {
  if (!isObject(value)) throw mustBe(name, "an object", value);
  const prefix = name === "options" || name === "input" ? "" : `${name}.`;
  for (const field of Object.keys(value)) {
    if (!known.includes(field)) {
      throw new InvalidInputError(
        `${prefix}${field}`,
        `is unknown; expected one of ${known.join(", ")}`,
      );
    }
  }
  const fields = Object.create(null);
  for (const field of known) {
    const isGiven = Object.hasOwn(value, field) || (field in value && !(field in Object.prototype));
    if (isGiven) fields[field] = value[field];
  }
  return fields;
}

/** Refuses text that is missing or blank. */
export function checkText(field: string, value: unknown, example: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw mustBe(field, `a string such as "${example}"`, value);
}

/** Refuses an id that is not of the given type. */
export function checkId(field: string, value: unknown, type: GidType): string {
  if (isGid(type, value)) return value;
  const query = type === "AppSubscriptionLineItem" ? "?v=1&index=0" : "";
  throw mustBe(field, `an id such as "gid://shopify/${type}/1${query}"`, value);
}

/** Refuses an amount that is not a decimal above zero. */
export function checkAmount(field: string, value: unknown): string {
  const amount = toDecimalString(value);
  if (amount === null) throw mustBe(field, 'a decimal string such as "1.50"', value);
  if (amount.length > LONGEST_AMOUNT) {
    throw mustBe(field, `a decimal of at most ${LONGEST_AMOUNT} characters`, value);
  }
  if (!isPositive(amount)) throw mustBe(field, "above zero", value);
  return amount;
}

/** Refuses an amount that is not a decimal above zero, and a currency that is not a code. */
export function checkMoney<CurrencyCode extends string>(
  field: string,
  value: MoneyValue<CurrencyCode>,
): Money<CurrencyCode> {
  const { amount, currencyCode } = checkFields(field, value, ["amount", "currencyCode"]);
  const decimal = checkAmount(`${field}.amount`, amount);
  if (typeof currencyCode === "string" && /^[A-Z]{3,}$/.test(currencyCode)) {
    return { amount: decimal, currencyCode };
  }
  throw mustBe(`${field}.currencyCode`, 'a currency code such as "USD"', currencyCode);
}

/** Refuses a number that is not whole or not within bounds. */
export function checkInteger(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw mustBe(field, `a whole number from ${least} to ${most}`, value);
}

/** Refuses a value that is not true, false or absent. */
export function checkBoolean(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean")
    throw mustBe(field, "true or false", value);
}

/** Refuses a value that is not a point in time. */
export function checkDate(field: string, value: unknown): Date {
  const date = value instanceof Date || typeof value === "string" ? new Date(value) : null;
  if (date && !Number.isNaN(date.getTime())) return date;
  throw mustBe(field, 'a Date or an ISO 8601 string such as "2026-01-31T12:00:00Z"', value);
}

/** Refuses a value that is not an absolute URL. */
export function checkUrl(field: string, value: unknown, example: string): URL {
  const text = value instanceof URL ? value.href : checkText(field, value, example);
  try {
    // Not `URL.canParse`, which some runtimes lack.
    return new URL(text);
  } catch {
    throw mustBe(field, `a URL such as "${example}"`, text);
  }
}
