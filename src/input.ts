import { InvalidInputError } from "./errors/invalid-input-error.js";
import { isGid, type GidType } from "./gid.js";
import { isPositive, toDecimalString, type Money } from "./money.js";

/** A price or cap as the caller may give it. */
export interface MoneyValue<CurrencyCode extends string = string> {
  /** A decimal string, sent to the letter, or a number, sent as its shortest decimal. */
  readonly amount: string | number;
  /** The currency of the subscription's capped amount. */
  readonly currencyCode: CurrencyCode;
}

/** What every call takes besides its input. */
export interface CallOptions {
  /** Ends the call at any moment, also while it waits; the call then rejects with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
}

const SHOWN = 80;

function show(value: unknown): string {
  if (typeof value !== "string") return value === null ? "null" : `a ${typeof value}`;
  return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Refuses what is no object, and fields of it that nobody would read: a misspelt `idempotencyKey` must not charge twice. */
export function checkFields(name: string, value: unknown, known: readonly string[]): void {
  if (!isObject(value)) throw new InvalidInputError(name, "is no object", "give an object");
  for (const field of Object.keys(value)) {
    if (!known.includes(field)) {
      throw new InvalidInputError(
        name === "options" || name === "input" ? field : `${name}.${field}`,
        "is unknown",
        `known are ${known.join(", ")}`,
      );
    }
  }
}

/** Refuses text that is missing or blank. */
export function checkText(field: string, value: unknown, example: string): string {
  if (typeof value !== "string") {
    throw new InvalidInputError(field, `is ${show(value)}`, `give a string such as "${example}"`);
  }
  if (value.trim() === "") {
    throw new InvalidInputError(field, "is blank", `give a string such as "${example}"`);
  }
  return value;
}

/** Refuses an id that is not of the given type. */
export function checkId(field: string, value: unknown, type: GidType): string {
  if (isGid(type, value)) return value;
  const query = type === "AppSubscriptionLineItem" ? "?v=1&index=0" : "";
  throw new InvalidInputError(
    field,
    `is ${show(value)}`,
    `give an id such as "gid://shopify/${type}/1${query}"`,
  );
}

/** Refuses an amount that is no finite decimal above zero, and a currency that is no code. */
export function checkMoney<CurrencyCode extends string>(
  field: string,
  value: MoneyValue<CurrencyCode>,
): Money<CurrencyCode> {
  checkFields(field, value, ["amount", "currencyCode"]);
  const amount = toDecimalString(value.amount);
  if (amount === null) {
    const problem =
      typeof value.amount === "number" ? `is ${value.amount}` : `is ${show(value.amount)}`;
    throw new InvalidInputError(
      `${field}.amount`,
      `${problem}, no finite decimal`,
      'give a decimal string such as "1.50"',
    );
  }
  if (!isPositive(amount)) {
    throw new InvalidInputError(
      `${field}.amount`,
      `is ${show(amount)}`,
      "give an amount above zero; nothing is charged for a free use",
    );
  }
  const { currencyCode } = value;
  if (typeof currencyCode !== "string" || !/^[A-Z]{3,}$/.test(currencyCode)) {
    throw new InvalidInputError(
      `${field}.currencyCode`,
      `is ${show(currencyCode)}`,
      'give the code of the subscription\'s currency in capitals, such as "USD"',
    );
  }
  return { amount, currencyCode };
}

/** Refuses a number that is not whole or not within bounds. */
export function checkInteger(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw new InvalidInputError(
    field,
    `is ${typeof value === "number" ? value : show(value)}`,
    `give a whole number from ${least} to ${most}`,
  );
}

/** Refuses what is neither true, false nor absent. */
export function checkBoolean(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") {
    throw new InvalidInputError(field, `is ${show(value)}`, "give true or false");
  }
}

/** Refuses a moment that is no date. */
export function checkDate(field: string, value: unknown): Date {
  const date = value instanceof Date || typeof value === "string" ? new Date(value) : null;
  if (date && !Number.isNaN(date.getTime())) return date;
  throw new InvalidInputError(
    field,
    `is ${show(value)}`,
    'give a Date or an ISO 8601 string such as "2026-01-31T12:00:00Z"',
  );
}

/** Refuses what is no absolute URL. */
export function checkUrl(field: string, value: unknown, example: string): URL {
  const text = value instanceof URL ? value.href : checkText(field, value, example);
  try {
    // Not `URL.canParse`, which some runtimes lack.
    return new URL(text);
  } catch {
    throw new InvalidInputError(field, `is ${show(text)}, no URL`, `give one such as "${example}"`);
  }
}
