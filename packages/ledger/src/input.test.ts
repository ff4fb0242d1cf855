import { expect, test } from "vitest";
import { DOMAIN } from "../test/ledger-under-test.js";
import { createUsageLedger, InvalidUsageError, type UsageLedger } from "./index.js";

/** What is refused reaches neither the database nor Shopify. */
const untouched = async (): Promise<never> => await Promise.reject(new Error("touched"));
const required = { database: { query: untouched }, billingFor: untouched };
const signal = new AbortController().signal;

test.each([
  [undefined, "options must be an object, got undefined"],
  [{ ...required, rollup: "each" }, "rollup is unknown; expected one of database, billingFor"],
  [{ billingFor: untouched }, "database must be an object with a query function, got undefined"],
  [{ ...required, billingFor: {} }, "billingFor must be a function that returns a shop's client"],
  [{ ...required, rollUp: { every: "week" } }, 'rollUp.every must be "hour" or "day", got "week"'],
  [
    { ...required, rollUp: { atLeast: "-1" } },
    'rollUp.atLeast must be a decimal string such as "5.00"',
  ],
  [{ ...required, onCap: "stop" }, 'onCap must be "split" or "park", got "stop"'],
  [{ ...required, afterPeriod: "drop" }, 'afterPeriod must be "hold" or "carryOver"'],
  [{ ...required, isTest: "false" }, 'isTest must be true or false, got "false"'],
  [{ ...required, describe: "emails" }, "describe must be a function that returns a description"],
  [{ ...required, onEvent: {} }, "onEvent must be a function that receives events, got an object"],
  [{ ...required, now: new Date() }, "now must be a function that returns a Date"],
  [{ ...required, concurrency: 0 }, "concurrency must be a whole number from 1 to 1000, got 0"],
  [{ ...required, beforePeriodEnd: -1 }, "beforePeriodEnd must be a whole number from 0 to"],
  [{ ...required, claimFor: 100 }, "claimFor must be a whole number from 500 to 86400000, got 100"],
  [{ ...required, answerWithin: Infinity }, "answerWithin must be a whole number from 100 to"],
])("createUsageLedger(%j) is refused: %s", (options, message) => {
  // Wrong on purpose.
  expect(() => createUsageLedger(options as never)).toThrow(message);
  expect(() => createUsageLedger(options as never)).toThrow(InvalidUsageError);
});

type Call = (ledger: UsageLedger) => Promise<unknown>;
/** A call whose options are wrong on purpose. */
const call =
  (method: keyof UsageLedger, ...args: unknown[]): Call =>
  async (ledger) => {
    const returned: unknown = (ledger[method] as (...args: unknown[]) => unknown)(...args);
    return method === "reconcile" ? await (returned as AsyncGenerator).next() : await returned;
  };

test.each<[string, Call]>([
  ["shop must be a domain such as", call("charge", "example.com")],
  ["options must be an object, got 0", call("charge", DOMAIN, 0)],
  ["signal must be an AbortSignal, got an object", call("charge", DOMAIN, { signal: {} })],
  ["timeout is unknown; expected one of signal", call("charge", DOMAIN, { timeout: 1 })],
  ["limit must be a whole number from 1 to 1000000, got 0", call("due", { limit: 0 })],
  ["limit must be a whole number from 1 to 1000000, got NaN", call("due", { limit: Number.NaN })],
  ["options must be an object, got undefined", call("run")],
  ["signal must be an AbortSignal, got undefined", call("run", {})],
  ["shops must be a whole number from 1 to 1000, got 0", call("run", { signal, shops: 0 })],
  ["shops must be a whole number from 1 to 1000, got 1.5", call("run", { signal, shops: 1.5 })],
  ["pollInterval must be a whole number from 1 to", call("run", { signal, pollInterval: 0 })],
  ["pollInterval must be a whole number", call("run", { signal, pollInterval: 2 ** 31 })],
  ["maxAge must be a whole number from 0 to", call("balance", DOMAIN, { maxAge: -1 })],
  ["maxAge must be a whole number from 0 to", call("balance", DOMAIN, { maxAge: Infinity })],
  ["held must be true or false, got 1", call("resume", DOMAIN, { held: 1 })],
  [
    'refused must be a boolean or a list of keys, got "a"',
    call("resume", DOMAIN, { refused: "a" }),
  ],
  ["refused[0] must be an idempotency key", call("resume", DOMAIN, { refused: ["a\0"] })],
  [
    'charges must be "held", "refused" or a list of keys',
    call("waive", DOMAIN, { charges: "all" }),
  ],
  ["charges[1] must be an idempotency key", call("waive", DOMAIN, { charges: ["a", "\uD800"] })],
  ["options must be an object, got undefined", call("waive", DOMAIN)],
  ["since must be a Date or an ISO 8601 string", call("reconcile", DOMAIN, {})],
  ["since must be a Date or an ISO 8601 string", call("reconcile", DOMAIN, { since: "5" })],
  [
    "since must be a time in the years 1 to 9999",
    call("reconcile", DOMAIN, { since: new Date(9e15 - 1e15) }),
  ],
  ["before must be a Date or an ISO 8601 string", call("forget", { before: new Date("never") })],
  ["limit must be a whole number from 1 to", call("forget", { before: new Date(), limit: 0 })],
])("%s", async (message, wrong) => {
  await expect(async () => await wrong(createUsageLedger(required))).rejects.toThrow(message);
});

test("a clock that is not one is refused, and a missing client is named", async () => {
  const asked = { shop: DOMAIN, id: "1", meter: "m", price: { amount: "1", currencyCode: "USD" } };
  const ledger = createUsageLedger({ ...required, now: () => new Date(Number.NaN) });
  expect(() => ledger.record(asked)).toThrow("now must be a Date or an ISO 8601 string");
  const clients = new Map<string, never>();
  const query = async () => await Promise.resolve([{ schema_number: "1", schema_requires: "1" }]);
  const unknown = createUsageLedger({
    database: { query },
    billingFor: (shop) => clients.get(shop) as never, // an app that has no client for the shop
  });
  await expect(unknown.charge(DOMAIN)).rejects.toThrow(
    `billingFor must be a function that returns a client of shopify-usage-billing for ${DOMAIN}, got undefined`,
  );
});
