/** docs/options.md lists exactly the fields that the client takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createUsageBillingClient, InvalidInputError } from "shopify-usage-billing/2026-10";
import { createUsageLedger, InvalidUsageError } from "shopify-usage-ledger";
import { expect, it } from "vitest";
import { linesOf, root } from "./page.js";
import { createContext } from "./context.js";

/** The first column of the tables under each heading of the page. */
function fieldsByHeading(): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  let heading = "";
  for (const line of linesOf("docs/options.md")) {
    heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
    const [, field] = /^\| `(\w+)` /.exec(line) ?? [];
    if (field !== undefined) fields.set(heading, [...(fields.get(heading) ?? []), field]);
  }
  return fields;
}

const documented = fieldsByHeading();
const { billing, charge, accessToken } = createContext();

/** Input with a field that does not exist: its refusal names those that do. */
const unknown: object = { misspelt: true };
const subscription = { name: "x", returnUrl: "https://x.example", usage: {} };

// The types know all fields; what is tested here is what happens at run time.
type Untyped = Record<string, (...input: unknown[]) => AsyncIterable<unknown> & Promise<unknown>>;
const untyped = billing as unknown as Untyped;
const shop = "example.myshopify.com";
const createUntyped = createUsageBillingClient as unknown as (options: object) => unknown;

async function call(method: string, ...input: unknown[]): Promise<void> {
  const started = untyped[method]?.(...input);
  if (started && Symbol.asyncIterator in started) for await (const _ of started) break;
  else await started;
}

const calls: readonly (readonly [heading: string, run: () => Promise<unknown>])[] = [
  ["createUsageBillingClient", async () => createUntyped(unknown)],
  ["retry", async () => createUntyped({ shop, accessToken, retry: unknown })],
  ["createUsageRecord", () => call("createUsageRecord", { ...charge, ...unknown })],
  ["findUsageRecord", () => call("findUsageRecord", unknown)],
  ["usageRecords", () => call("usageRecords", unknown)],
  ["activeUsageLineItem", () => call("activeUsageLineItem", unknown)],
  ["subscriptions", () => call("subscriptions", unknown)],
  ["createSubscription", () => call("createSubscription", { ...subscription, ...unknown })],
  ["usage", () => call("createSubscription", { ...subscription, usage: unknown })],
  [
    "recurring",
    () =>
      call("createSubscription", {
        ...subscription,
        usage: { cappedAmount: charge.price, terms: "x" },
        recurring: unknown,
      }),
  ],
  ["updateCappedAmount", () => call("updateCappedAmount", unknown)],
  ["cancelSubscription", () => call("cancelSubscription", unknown)],
];

/** The fields that the refusal of an unknown one names. */
async function acceptedBy(run: () => Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await run().catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInputError || error instanceof InvalidUsageError)) throw error;
  return error.message.replace(/^.*expected one of /, "").split(", ");
}

it.each(calls)("%s", async (heading, run) => {
  expect([...(documented.get(heading) ?? [])].sort()).toEqual([...(await acceptedBy(run))].sort());
});

it("createUsageRecords", async () => {
  const ofInput = async (): Promise<void> => {
    const run = untyped["createUsageRecords"]?.([{ ...charge, idempotencyKey: "k", ...unknown }]);
    for await (const outcome of run ?? []) throw (outcome as { error: unknown }).error;
  };
  const ofOptions = (): Promise<void> => call("createUsageRecords", [], unknown);
  const accepted = new Set([...(await acceptedBy(ofInput)), ...(await acceptedBy(ofOptions))]);
  const elsewhere = ["createUsageRecord", "The second argument of a method"];
  const listed = ["createUsageRecords", ...elsewhere].flatMap((name) => documented.get(name) ?? []);
  expect([...new Set(listed)].sort()).toEqual([...accepted].sort());
});

it("createUsageLedger", async () => {
  const createUntypedLedger = createUsageLedger as unknown as (options: object) => unknown;
  const accepted = await acceptedBy(async () => await createUntypedLedger(unknown));
  expect([...(documented.get("createUsageLedger") ?? [])].sort()).toEqual([...accepted].sort());
});

it("onEvent", () => {
  const source = readFileSync(join(root, "src/transport/events.ts"), "utf8");
  const types = [...source.matchAll(/readonly type: "(\w+)"/g)].map(([, type = ""]) => type);
  expect([...(documented.get("onEvent") ?? [])].sort()).toEqual(types.sort());
});
