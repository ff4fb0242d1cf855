import { answerWithin, boundAnswers } from "./answer-within.js";
import type { Billing } from "./billing.js";
import { isStorable, type Database } from "./database.js";
import { decimalString } from "./decimals.js";
import type { LedgerEventListener } from "./events.js";
import {
  checkBoolean,
  checkFunction,
  checkNames,
  checkOneOf,
  checkTime,
  checkWhole,
  DAY,
  mustBe,
} from "./input.js";

const MINUTE = 60_000;

/** When uses are sealed into a charge. `close` and the end of the billing period seal everything. */
export type RollUp =
  /** Each use becomes a charge of its own, as soon as it is worth a whole cent. */
  | "each"
  /** All uses of an hour or a day, in UTC, become one charge when it is over. */
  | { readonly every: "hour" | "day" }
  /** Uses become one charge when they add up to this decimal string, in their own currency. */
  | { readonly atLeast: string };

/** The content of a charge, for its description. */
export interface ChargeContent {
  readonly shop: string;
  readonly meter: string;
  /** How many uses it contains. */
  readonly uses: number;
  /** The sum of their quantities, a decimal string. */
  readonly quantity: string;
  /** What is charged, a decimal string. */
  readonly amount: string;
  readonly currencyCode: string;
  /** The first and the last use. */
  readonly from: Date;
  readonly to: Date;
  /** Whether any of it was used before the billing period in which it is charged. */
  readonly late: boolean;
  /** `part` for what still fitted under the cap, `rest` for the remainder, `whole` if nothing was split. */
  readonly part: "whole" | "part" | "rest";
}

/** Options of `createUsageLedger`. */
export interface UsageLedgerOptions {
  /** The database that holds the ledger's tables. */
  readonly database: Database;
  /** Returns the client that charges a shop, of any API version. Return the same one for the same shop. */
  readonly billingFor: (shop: string) => Billing | Promise<Billing>;
  /** When uses become a charge. @defaultValue `{ every: "day" }` */
  readonly rollUp?: RollUp | undefined;
  /** At the cap: `"split"` charges what still fits and parks the rest, `"park"` parks the whole charge. @defaultValue `"split"` */
  readonly onCap?: "split" | "park" | undefined;
  /**
   * Charges still parked when their period ends: `"hold"` leaves them to the app (see `resume` and
   * `waive`), `"carryOver"` charges them in the next period. @defaultValue `"hold"`
   */
  readonly afterPeriod?: "hold" | "carryOver" | undefined;
  /** Whether test subscriptions are charged as well. Their charges are never billed. @defaultValue false */
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
   * How many milliseconds before the billing period ends everything is sealed and sent.
   * @defaultValue 3600000, an hour
   */
  readonly beforePeriodEnd?: number | undefined;
  /**
   * Milliseconds after which a worker that has died or frozen loses its shop to another one.
   * @defaultValue 60000
   */
  readonly claimFor?: number | undefined;
  /**
   * Milliseconds that the billing client may take for one answer, including its retries and its wait for
   * points. If it takes longer, it is assumed to hang: `charge` rejects, and the next worker sends
   * unfinished charges again with the same keys. At most twelve hours.
   * @defaultValue 600000, ten minutes
   */
  readonly answerWithin?: number | undefined;
  /** Returns the time, for tests with a simulated clock. @defaultValue the database's clock */
  readonly now?: (() => Date) | undefined;
}

/** The ledger's options, checked and with their defaults. */
export interface LedgerContext {
  readonly database: Database;
  /** Returns a shop's client, whose answers are bounded. */
  readonly billingFor: (shop: string) => Promise<Billing>;
  readonly rollUp: RollUp;
  readonly onCap: "split" | "park";
  readonly afterPeriod: "hold" | "carryOver";
  readonly isTest: boolean;
  readonly describe: (content: ChargeContent) => string;
  readonly emit: LedgerEventListener;
  readonly concurrency: number;
  readonly beforePeriodEnd: number;
  readonly claimFor: number;
  /** The time to pass to SQL, in ISO 8601; `null` for the database's own clock. */
  readonly now: () => string | null;
}

function describeByDefault({ meter, quantity, late, part }: ChargeContent): string {
  const notes = [late && "late", part !== "whole" && part].filter((note) => note !== false);
  return `${quantity} ${meter}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** A sealed charge cannot be corrected: Shopify would refuse a blank description for ever. */
function checkDescription(description: unknown): string {
  if (typeof description !== "string" || description.trim() === "") {
    throw mustBe("description", "text that is not blank", description);
  }
  if (isStorable(description)) return description;
  throw mustBe("description", "well-formed Unicode without NUL", description);
}

function checkRollUp(rollUp: RollUp): RollUp {
  if (rollUp === "each") return rollUp;
  if (typeof rollUp === "object" && rollUp !== null) {
    if ("every" in rollUp) {
      return { every: checkOneOf("rollUp.every", rollUp.every, ["hour", "day"]) };
    }
    const atLeast = decimalString(rollUp.atLeast);
    if (atLeast !== null && !atLeast.startsWith("-")) return { atLeast };
    throw mustBe("rollUp.atLeast", 'a decimal string such as "5.00"', rollUp.atLeast);
  }
  throw mustBe(
    "rollUp",
    '"each", { every: "hour" }, { every: "day" } or { atLeast: "5.00" }',
    rollUp,
  );
}

function checkBilling(shop: string, billing: Billing): Billing {
  if (typeof billing?.createUsageRecords === "function") return billing;
  const expected = `a function that returns a client of shopify-usage-billing for ${shop}`;
  throw mustBe("billingFor", expected, billing);
}

const KNOWN: readonly string[] = [
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
  "answerWithin",
  "now",
];

/** Checks options and fills in their defaults. @throws InvalidUsageError */
export function checkOptions(options: UsageLedgerOptions): LedgerContext {
  checkNames(options, KNOWN);
  const { database, billingFor, describe = describeByDefault, onEvent, now } = options;
  if (typeof database?.query !== "function") {
    throw mustBe("database", "an object with a query function", database);
  }
  if (typeof billingFor !== "function") {
    throw mustBe("billingFor", "a function that returns a shop's client", billingFor);
  }
  checkFunction("describe", describe, "a function that returns a description");
  checkFunction("onEvent", onEvent, "a function that receives events");
  checkFunction("now", now, "a function that returns a Date");
  const { concurrency = 10, claimFor = MINUTE, beforePeriodEnd = 60 * MINUTE } = options;
  const { answerWithin: milliseconds = 10 * MINUTE } = options;
  checkWhole("answerWithin", milliseconds, 100, DAY / 2);
  return {
    database,
    billingFor: async (shop) => {
      const asked = Promise.resolve(billingFor(shop));
      const billing = await answerWithin(milliseconds, shop, asked);
      return boundAnswers(checkBilling(shop, billing), shop, milliseconds);
    },
    rollUp: checkRollUp(options.rollUp ?? { every: "day" }),
    onCap: checkOneOf("onCap", options.onCap ?? "split", ["split", "park"]),
    afterPeriod: checkOneOf("afterPeriod", options.afterPeriod ?? "hold", ["hold", "carryOver"]),
    isTest: checkBoolean("isTest", options.isTest ?? false),
    describe: (content) => checkDescription(describe(content)),
    concurrency: checkWhole("concurrency", concurrency, 1, 1000),
    beforePeriodEnd: checkWhole("beforePeriodEnd", beforePeriodEnd, 0, 20 * DAY),
    claimFor: checkWhole("claimFor", claimFor, 500, DAY),
    now: () => (now ? checkTime("now", now()) : null),
    emit: (event) => {
      try {
        const returned: unknown = onEvent?.(event);
        if (returned instanceof Promise) returned.catch(() => undefined);
      } catch {
        // A listener that fails must neither stop a charge nor end the process with a rejection.
      }
    },
  };
}
