/** The base of the ledger's own errors. What the billing client throws is passed on as it is. */
export abstract class UsageLedgerError extends Error {}

/** An argument or option was refused before anything was written. */
export class InvalidUsageError extends UsageLedgerError {
  override readonly name = "InvalidUsageError" as const;
  /** The refused field, as a path: `price.amount`. */
  readonly field: string;

  constructor(field: string, expected: string, got: unknown) {
    super(`${field} must be ${expected}, got ${show(got)}`);
    this.field = field;
  }
}

/** The database's tables do not fit this version of the package; the message says what to do. */
export class LedgerSchemaError extends UsageLedgerError {
  override readonly name = "LedgerSchemaError" as const;
}

/** Matches Shopify's tokens by their prefix: one may be passed as the shop by mistake. */
const TOKEN = /(?:shp(?:at|ca|pa|rt|ss|tka|ua)|atkn|prtapi)_[\w.-]*\w/g;

function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.slice(0, 80)).replaceAll(TOKEN, "[redacted]");
  }
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "a list" : "an object";
  return String(value);
}
