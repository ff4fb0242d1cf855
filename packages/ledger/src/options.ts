import type { Billing } from "./billing.js";
import type { Database } from "./database.js";
import { decimalString } from "./decimals.js";
import { InvalidUsageError } from "./errors.js";
import type { LedgerEventListener } from "./events.js";

/** When uses are sealed into a charge. The end of the billing period and `close` seal in any case. */
export type RollUp =
  /** Each use becomes a charge of its own, as soon as it is worth a whole cent. */
  | "each"
  /** All uses of an hour or a day, in UTC, become one charge when it is over. */
  | { readonly every: "hour" | "day" }
  /** Uses become one charge when they add up to this decimal string, in their own currency. */
  | { readonly atLeast: string };

/** What a charge is made of, for its description. */
export interface ChargeContent {
  readonly shop: string;
  readonly meter: string;
  /** How many uses it is made of. */
  readonly uses: number;
  /** The sum of their quantities: a decimal string. */
  readonly quantity: string;
  /** What is charged: a decimal string. */
  readonly amount: string;
  readonly currencyCode: string;
  /** The first and the last use. */
  readonly from: Date;
  readonly to: Date;
  /** Whether some of it was used before the billing period in which it is charged. */
  readonly late: boolean;
  /** What of a charge that was split at the cap: the part that still fitted, or the rest. */
  readonly part: "whole" | "part" | "rest";
}

/** How a ledger works. */
export interface UsageLedgerOptions {
  /** Where the ledger's tables are. */
  readonly database: Database;
  /** Returns the client that charges a shop, of any API version. Give the same one for the same shop. */
  readonly billingFor: (shop: string) => Billing | Promise<Billing>;
  /** When uses become a charge. @defaultValue `{ every: "day" }` */
  readonly rollUp?: RollUp | undefined;
  /** A charge above the cap: charge what still fits and park the rest, or park all of it. @defaultValue `"split"` */
  readonly onCap?: "split" | "park" | undefined;
  /**
   * What was parked past the end of its period: hold it for the app to decide (see `resume` and
   * `waive`), or charge it in the next one. @defaultValue `"hold"`
   */
  readonly afterPeriod?: "hold" | "carryOver" | undefined;
  /** Whether test subscriptions are charged, too. Their charges are never billed. @defaultValue false */
  readonly isTest?: boolean | undefined;
  /**
   * Returns a charge's description, which the merchant reads on the invoice.
   * @defaultValue `"250 emails"`, and `"250 emails (late)"` for uses of an earlier period
   */
  readonly describe?: ((content: ChargeContent) => string) | undefined;
  /** Receives what the ledger does. */
  readonly onEvent?: LedgerEventListener | undefined;
  /** How many charges of a shop are under way at once, 1 to 1000. @defaultValue 10 */
  readonly concurrency?: number | undefined;
  /**
   * Milliseconds before the end of the billing period from which on everything is sealed and sent.
   * @defaultValue 3600000, an hour
   */
  readonly beforePeriodEnd?: number | undefined;
  /**
   * Milliseconds after which a worker that has not been heard of loses its shop to another one.
   * @defaultValue 60000
   */
  readonly claimFor?: number | undefined;
  /** Returns the time, for tests with a simulated clock. @defaultValue the database's clock */
  readonly now?: (() => Date) | undefined;
}

/** Options with their defaults. */
export interface LedgerContext {
  readonly database: Database;
  readonly billingFor: (shop: string) => Billing | Promise<Billing>;
  readonly rollUp: RollUp;
  readonly onCap: "split" | "park";
  readonly afterPeriod: "hold" | "carryOver";
  readonly isTest: boolean;
  readonly describe: (content: ChargeContent) => string;
  readonly emit: LedgerEventListener;
  readonly concurrency: number;
  readonly beforePeriodEnd: number;
  readonly claimFor: number;
  /** The time to pass to SQL: ISO 8601, or `null` for the database's own. */
  readonly now: () => string | null;
}

function describeByDefault({ meter, quantity, late, part }: ChargeContent): string {
  const notes = [late && "late", part !== "whole" && part].filter((note) => note !== false);
  return `${quantity} ${meter}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** A blank description is refused by Shopify, and what is sealed cannot be corrected. */
function checkDescription(description: unknown): string {
  if (typeof description === "string" && description.trim() !== "") return description;
  throw new InvalidUsageError("description", "text that is not blank", description);
}

function checkOneOf<T extends string>(field: string, value: T, expected: readonly T[]): T {
  if (expected.includes(value)) return value;
  throw new InvalidUsageError(field, expected.map((one) => `"${one}"`).join(" or "), value);
}

function checkInteger(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidUsageError(field, `a whole number from ${least} to ${most}`, value);
}

function checkRollUp(rollUp: RollUp): RollUp {
  if (rollUp === "each") return rollUp;
  if (typeof rollUp === "object" && rollUp !== null) {
    if ("every" in rollUp) {
      checkOneOf("rollUp.every", rollUp.every, ["hour", "day"]);
      return rollUp;
    }
    const atLeast = decimalString(rollUp.atLeast);
    if (atLeast !== null && !atLeast.startsWith("-")) return { atLeast };
    throw new InvalidUsageError(
      "rollUp.atLeast",
      'a decimal string such as "5.00"',
      rollUp.atLeast,
    );
  }
  throw new InvalidUsageError(
    "rollUp",
    '"each", { every: "hour" }, { every: "day" } or { atLeast: "5.00" }',
    rollUp,
  );
}

const KNOWN: ReadonlySet<string> = new Set([
  "database",
  "billingFor",
  "rollUp",
  "onCap",
  "afterPeriod",
  "isTest",
  "describe",
  "onEvent",
  "concurrency",
  "beforePeriodEnd",
  "claimFor",
  "now",
]);
const DAY = 86_400_000;

/** Checks options and fills in their defaults. @throws InvalidUsageError */
export function checkOptions(options: UsageLedgerOptions): LedgerContext {
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name))
      throw new InvalidUsageError("options", `made of ${[...KNOWN].join(", ")}`, name);
  }
  const { database, billingFor, onEvent, now } = options;
  if (typeof database?.query !== "function") {
    throw new InvalidUsageError("database", "an object with a query function", database);
  }
  if (typeof billingFor !== "function") {
    throw new InvalidUsageError(
      "billingFor",
      "a function that returns a shop's client",
      billingFor,
    );
  }
  return {
    database,
    billingFor,
    rollUp: checkRollUp(options.rollUp ?? { every: "day" }),
    onCap: checkOneOf("onCap", options.onCap ?? "split", ["split", "park"]),
    afterPeriod: checkOneOf("afterPeriod", options.afterPeriod ?? "hold", ["hold", "carryOver"]),
    isTest: options.isTest ?? false,
    describe: (content) => checkDescription((options.describe ?? describeByDefault)(content)),
    concurrency: checkInteger("concurrency", options.concurrency ?? 10, 1, 1000),
    beforePeriodEnd: checkInteger(
      "beforePeriodEnd",
      options.beforePeriodEnd ?? 3_600_000,
      0,
      20 * DAY,
    ),
    claimFor: checkInteger("claimFor", options.claimFor ?? 60_000, 500, DAY),
    now: () => now?.().toISOString() ?? null,
    emit: (event) => {
      try {
        const returned: unknown = onEvent?.(event);
        if (returned instanceof Promise) returned.catch(() => undefined);
      } catch {
        // A listener that fails must not stop a charge, nor end the process by a rejection.
      }
    },
  };
}
