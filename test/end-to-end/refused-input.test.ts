import {
  ActiveSubscriptionsDocument,
  AppSubscriptionCancelDocument,
  createUsageBillingClient,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { describe, expect, test } from "vitest";
import { CHARGE, SHOP, TOKEN } from "./served-shop.js";

type Method = keyof UsageBillingClient;
/** A refused field, and the part of an input that has it. */
type Case = readonly [field: string, input: Readonly<Record<string, unknown>>];

/** What a method does with arguments that its types would not allow, and how many requests it sends. */
async function outcomeOf(method: Method, ...parameters: unknown[]): Promise<object> {
  let requests = 0;
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    retry: false,
    fetch: async () => {
      requests += 1;
      return new Response("{}");
    },
  });
  try {
    const returned: unknown = await Reflect.apply(billing[method], null, parameters);
    const iterable = Object(returned) as AsyncIterable<unknown>; // Where it is one.
    if (Symbol.asyncIterator in iterable)
      for await (const item of iterable) return { item, requests };
    return { returned, requests };
  } catch (error) {
    return { error, message: String(error), requests };
  }
}

/** Values of one field, and the message about them. */
function refuses(
  method: Method,
  good: Readonly<Record<string, unknown>>,
  cases: readonly Case[],
): void {
  describe(method, () => {
    test.each(cases)("%s in %j", async (field, input) => {
      const outcome = await outcomeOf(method, { ...good, ...input });

      expect(outcome).toMatchObject({
        error: { name: "InvalidInputError", field, certainty: "notApplied", attempts: 0 },
        message: expect.stringMatching(
          new RegExp(
            `^InvalidInputError: ${field.replace(".", "\\.")} (must be .+, got .+|must .+|is unknown; expected one of .+)`,
            "s",
          ),
        ),
        requests: 0,
      });
    });

    test.each([null, 5, "x", []])("%j instead of an object", async (input) => {
      expect(await outcomeOf(method, input)).toMatchObject({
        error: { name: "InvalidInputError", field: "input" },
        requests: 0,
      });
    });
  });
}

const text = (field: string): Case[] =>
  ["", " ", "\n\t", null, 5, {}, []].map((value) => [field, { [field]: value }]);

const money = (field: string): Case[] => [
  ...[undefined, null, 5, "1.00 USD", []].map((value): Case => [field, { [field]: value }]),
  ...["", "1,00", " 1", "1e3", "one", "NaN", "Infinity", Number.NaN, Infinity, null, {}].map(
    (amount): Case => [`${field}.amount`, { [field]: { amount, currencyCode: "USD" } }],
  ),
  // Longer ones take seconds to compare.
  ...[`0.${"0".repeat(32_000)}1`, `1.${"5".repeat(63)}`, 1e300].map((amount): Case => [
    `${field}.amount`,
    { [field]: { amount, currencyCode: "USD" } },
  ]),
  ...["0", "0.00", "-1", "-0.01", 0, -0, -1].map((amount): Case => [
    `${field}.amount`,
    { [field]: { amount, currencyCode: "USD" } },
  ]),
  ...["", "usd", "US", "$", "U$D", "USD ", null, undefined, 840].map((currencyCode): Case => [
    `${field}.currencyCode`,
    { [field]: { amount: 1, currencyCode } },
  ]),
  [`${field}.currency`, { [field]: { amount: 1, currencyCode: "USD", currency: "USD" } }],
];

const id = (field: string, type: string): Case[] =>
  [
    "",
    "1",
    1,
    null,
    {},
    "gid://shopify/Product/1",
    `gid://shopify/${type}/`,
    `gid://shopify/${type}/x`,
    ` gid://shopify/${type}/1`,
    `gid://shopify/${type}/1\n`,
    "Z2lkOi8vU2hvcGlmeS9FeGFtcGxlLzE=",
    "placeholder",
  ].map((value) => [field, { [field]: value }]);

const boolean = (field: string): Case[] =>
  ["true", 1, 0, null, {}].map((value) => [field, { [field]: value }]);

const pages: Case[] = [
  ...[0, -1, 251, 1.5, Number.NaN, Infinity, "10", null].map((pageSize): Case => [
    "pageSize",
    { pageSize },
  ]),
  ...boolean("reverse"),
  ...text("sortKey"),
  ["first", { first: 10 }],
];

refuses("createUsageRecord", CHARGE, [
  ...text("description"),
  ["description", { description: undefined }],
  ...money("price"),
  ...text("idempotencyKey"),
  ...id("subscriptionLineItemId", "AppSubscriptionLineItem"),
  ...boolean("isTest"),
  ["idempotencykey", { idempotencykey: "event-1" }],
  ["session", { session: {} }],
]);

refuses("findUsageRecord", { idempotencyKey: "event-1", createdAfter: "2026-11-21T12:00:00Z" }, [
  ...text("idempotencyKey"),
  ["idempotencyKey", { idempotencyKey: undefined }],
  ...["", "yesterday", 5, null, undefined, new Date(Number.NaN)].map((createdAfter): Case => [
    "createdAfter",
    { createdAfter },
  ]),
  ...id("subscriptionLineItemId", "AppSubscriptionLineItem"),
  ["key", { key: "event-1" }],
]);

refuses("usageRecords", {}, [
  ...pages,
  ...id("subscriptionLineItemId", "AppSubscriptionLineItem"),
  ...id("subscriptionId", "AppSubscription"),
  ...boolean("isTest"),
  [
    "subscriptionId",
    {
      subscriptionId: "gid://shopify/AppSubscription/1",
      subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1",
    },
  ],
]);

refuses("subscriptions", {}, [...pages, ["status", { status: "ACTIVE" }]]);

refuses("activeUsageLineItem", {}, [...boolean("isTest"), ["test", { test: true }]]);

refuses("updateCappedAmount", { cappedAmount: { amount: 100, currencyCode: "USD" } }, [
  ...money("cappedAmount"),
  ...id("subscriptionLineItemId", "AppSubscriptionLineItem"),
  ...boolean("isTest"),
  ["amount", { amount: 5 }],
]);

const PLAN = {
  name: "Plan",
  returnUrl: "https://app.example/",
  usage: { cappedAmount: { amount: 100, currencyCode: "USD" }, terms: "1 USD each" },
};
const PRICE = { amount: 10, currencyCode: "USD" };

refuses("createSubscription", PLAN, [
  ...text("name"),
  ...text("returnUrl"),
  ["returnUrl", { returnUrl: "app.example/billing" }],
  ["returnUrl", { returnUrl: "/billing" }],
  ["usage", { usage: undefined }],
  ["usage", { usage: null }],
  ["usage.terms", { usage: { ...PLAN.usage, terms: "" } }],
  ["usage.terms", { usage: { cappedAmount: PRICE } }],
  ["usage.cappedAmount", { usage: { terms: "1 USD each" } }],
  [
    "usage.cappedAmount.amount",
    { usage: { ...PLAN.usage, cappedAmount: { ...PRICE, amount: 0 } } },
  ],
  ["usage.interval", { usage: { ...PLAN.usage, interval: "ANNUAL" } }],
  ["recurring", { recurring: null }],
  ["recurring.price", { recurring: {} }],
  ["recurring.price.amount", { recurring: { price: { ...PRICE, amount: "-1" } } }],
  ["recurring.cap", { recurring: { price: PRICE, cap: 5 } }],
  ["recurring.discount", { recurring: { price: PRICE, discount: {} } }],
  ["recurring.discount", { recurring: { price: PRICE, discount: { percentage: 0.5, amount: 1 } } }],
  ["recurring.discount.percentage", { recurring: { price: PRICE, discount: { percentage: 20 } } }],
  ["recurring.discount.percentage", { recurring: { price: PRICE, discount: { percentage: 0 } } }],
  [
    "recurring.discount.percentage",
    { recurring: { price: PRICE, discount: { percentage: "0.5" } } },
  ],
  ["recurring.discount.amount", { recurring: { price: PRICE, discount: { amount: "five" } } }],
  ["recurring.discount.amount", { recurring: { price: PRICE, discount: { amount: "-5" } } }],
  [
    "recurring.discount.durationLimitInIntervals",
    { recurring: { price: PRICE, discount: { percentage: 0.5, durationLimitInIntervals: 0 } } },
  ],
  ...boolean("test"),
  ...[-1, 1.5, "14", Number.NaN, null, 1_001].map((trialDays): Case => [
    "trialDays",
    { trialDays },
  ]),
  ["trial", { trial: 14 }],
]);

refuses("cancelSubscription", { id: "gid://shopify/AppSubscription/1" }, [
  ...id("id", "AppSubscription"),
  ["id", { id: undefined }],
  ...boolean("prorate"),
  ["refund", { refund: true }],
]);

describe("usageRecord", () => {
  test.each([
    "",
    "1",
    1,
    null,
    undefined,
    "gid://shopify/AppSubscription/1",
    "gid://shopify/AppUsageRecord/1?x\n",
  ])("%j as id", async (id) => {
    expect(await outcomeOf("usageRecord", id)).toMatchObject({
      error: { name: "InvalidInputError", field: "id" },
      requests: 0,
    });
  });
});

describe("createUsageRecords", () => {
  test.each([0, -1, 1.5, 1_001, "10", Number.NaN, null])(
    "a concurrency of %j",
    async (concurrency) => {
      expect(await outcomeOf("createUsageRecords", [], { concurrency })).toMatchObject({
        error: { name: "InvalidInputError", field: "concurrency" },
        requests: 0,
      });
    },
  );

  test("unknown options", async () => {
    expect(await outcomeOf("createUsageRecords", [], { parallel: 5 })).toMatchObject({
      error: { name: "InvalidInputError", field: "parallel" },
    });
  });

  test.each([undefined, null, 5, {}])("%j instead of a list", async (inputs) => {
    expect(await outcomeOf("createUsageRecords", inputs)).toMatchObject({
      error: { name: "InvalidInputError", field: "inputs" },
      requests: 0,
    });
  });
});

const circle: { self?: unknown } = {};
circle.self = circle;

describe.each(["query", "mutate"] as const)("%s", (method) => {
  test.each([
    ["a bigint", { count: 1n }],
    ["a circle", circle],
  ])("variables with %s", async (_, variables) => {
    const document =
      method === "query" ? ActiveSubscriptionsDocument : AppSubscriptionCancelDocument;

    expect(await outcomeOf(method, document, variables)).toMatchObject({
      error: { name: "InvalidInputError", field: "variables", certainty: "notApplied" },
      requests: 0,
    });
  });

  test.each([
    ["text that is no GraphQL", "{ shop { id }"],
    ["nothing", undefined],
    ["null", null],
    ["an empty document", { kind: "Document", definitions: [] }],
    [
      "two operations",
      {
        kind: "Document",
        definitions: [
          { kind: "OperationDefinition", operation: method === "query" ? "query" : "mutation" },
          { kind: "OperationDefinition", operation: method === "query" ? "query" : "mutation" },
        ],
      },
    ],
    [
      "a subscription",
      {
        kind: "Document",
        definitions: [{ kind: "OperationDefinition", operation: "subscription" }],
      },
    ],
  ])("%s instead of a typed document", async (_, document) => {
    expect(await outcomeOf(method, document, {})).toMatchObject({
      error: { name: "InvalidInputError", field: "document" },
      requests: 0,
    });
  });
});
