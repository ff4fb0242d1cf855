/** docs/errors.md has every error, and what its table says of each is what happens. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as errors from "../../src/errors/index.js";
import { parse } from "graphql";
import {
  createUsageBillingClient,
  isUsageBillingError,
  type CreateUsageRecordInput,
  type TypedDocumentNode,
  type UsageBillingClient,
  type UsageBillingClientOptions,
} from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type FaultName,
  type Shop,
} from "shopify-usage-billing/testing";
import { expect, it } from "vitest";
import { anchorsOf, root } from "./page.js";

const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const classes = Object.keys(errors).filter(
  (name) => name.endsWith("Error") && !["UsageBillingError", "isUsageBillingError"].includes(name),
);

it.each(classes)("has a section and a row for %s", (name) => {
  expect(anchorsOf("docs/errors.md")).toContain(name.toLowerCase());
  expect(page).toContain(`| [\`${name}\`](#${name.toLowerCase()})`);
});

it("has a row for every code of a user error", () => {
  const source = readFileSync(join(root, "src/user-error.ts"), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code = ""]) => code);
  expect(codes).toContain("UNKNOWN");
  for (const code of codes) expect(page).toContain(`| \`${code}\` `);
});

const SHOP = { shop: "example.myshopify.com", accessToken: "shpat_test" };
const charge: CreateUsageRecordInput = {
  description: "1000 emails",
  price: { amount: "1.00", currencyCode: "USD" },
  idempotencyKey: "event-1",
};

interface Scene {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly client: (options?: Partial<UsageBillingClientOptions>) => UsageBillingClient;
}

function scene(): Scene {
  const admin = createAdminSimulator();
  const shop = admin.addShop(SHOP);
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  const retry = { attempts: 3, minDelay: 1, maxDelay: 1 };
  const own = { ...SHOP, fetch: admin.fetch, retry };
  // Options of this package's own transport only; the type cannot say so.
  const client = (options = {}) => createUsageBillingClient({ ...own, ...options });
  return { admin, shop, client };
}

/** Makes this fault happen to every request for a charge. */
function fault(name: FaultName, options?: Partial<UsageBillingClientOptions>) {
  return ({ admin, client }: Scene) => {
    const rate = name === "tooManyRequests" ? { rate: 1, retryAfter: 0 } : 1;
    admin.faults.rate({ [name]: rate }, "mutations");
    return client(options).createUsageRecord(charge);
  };
}

/** How to provoke each error, and how many times the request is sent. */
const ways: readonly (readonly [
  name: string,
  attempts: number,
  run: (scene: Scene) => Promise<unknown>,
])[] = [
  [
    "InvalidInputError",
    0,
    ({ client }) =>
      client().createUsageRecord({ ...charge, price: { amount: "1,50", currencyCode: "USD" } }),
  ],
  [
    "NoActiveUsageLineItemError",
    0,
    ({ shop, client }) => {
      for (const { id } of shop.subscriptions) shop.cancel(id);
      return client().createUsageRecord(charge);
    },
  ],
  [
    "IdempotencyConflictError",
    1,
    async ({ client }) => {
      await client().createUsageRecord(charge);
      const price = { amount: "2.00", currencyCode: "USD" } as const;
      return client().createUsageRecord({ ...charge, price });
    },
  ],
  ["AuthenticationError", 1, fault("unauthorized")],
  [
    "AccessTokenError",
    0,
    ({ client }) =>
      client({
        accessToken: () => Promise.reject(new Error("the database is down")),
      }).createUsageRecord(charge),
  ],
  ["AccessDeniedError", 1, fault("accessDenied")],
  [
    "ShopUnavailableError",
    1,
    ({ shop, client }) => {
      const id = shop.activeSubscription?.usageLineItem?.id;
      shop.setStatus("frozen");
      return client().createUsageRecord({ ...charge, subscriptionLineItemId: id });
    },
  ],
  ["ThrottledError", 3, fault("tooManyRequests")],
  ["ServerError", 3, fault("serverErrorAfter")],
  ["ServerError", 3, fault("internalErrorBefore")],
  ["NetworkError", 3, fault("lostAfter")],
  ["TimeoutError", 3, fault("noAnswerBefore", { timeout: 20 })],
  [
    "AbortedError",
    0,
    ({ client }) => client().createUsageRecord(charge, { signal: AbortSignal.abort() }),
  ],
  [
    "GraphQLRequestError",
    1,
    ({ client }) =>
      client().query(parse("query Broken { nothing }") as TypedDocumentNode<object, object>, {}),
  ],
  ["InvalidResponseError", 1, fault("redirect")],
  ["InvalidResponseError", 3, fault("requestTimeoutAfter")],
  ["InvalidResponseError", 3, fault("brokenJson")],
];

/** The content of a row of the table of classes. */
function rowOf(name: string): readonly string[] {
  const row = page.split("\n").find((line) => line.startsWith(`| [\`${name}\`]`));
  return row?.split("|").map((cell) => cell.trim()) ?? [];
}

it.each(ways)("says of %s, sent %i times, what is so", async (name, attempts, run) => {
  const error: unknown = await run(scene()).catch((thrown: unknown) => thrown);
  if (!isUsageBillingError(error)) throw error;
  expect([error.name, error.attempts]).toEqual([name, attempts]);
  const [, , certainty, retryable, repeated] = rowOf(name);
  expect(certainty).toContain(`\`${error.certainty}\``);
  expect(retryable).toContain(`\`${error.retryable}\``);
  expect(repeated).toMatch(attempts > 1 ? /yes|only if/ : /no|once|only if/);
});

/** The text under the heading of a class. */
function sectionOf(name: string): string {
  return page.split(`### ${name}\n`)[1]?.split("\n#")[0] ?? "";
}

it.each(classes)("quotes the message of %s", async (name) => {
  const run = ways.find(([met]) => met === name)?.[2];
  const error: unknown = await run?.(scene()).catch((thrown: unknown) => thrown);
  if (!isUsageBillingError(error)) throw error;
  expect(sectionOf(name)).toContain(`**Message:** \`${error.message}\``);
});

it("provokes every class", () => {
  expect([...new Set(ways.map(([name]) => name))].sort()).toEqual(classes.sort());
});
