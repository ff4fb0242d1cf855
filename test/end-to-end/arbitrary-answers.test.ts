import * as fc from "fast-check";
import {
  ActiveSubscriptionsDocument,
  AppSubscriptionCancelDocument,
  createUsageBillingClient,
  UsageBillingError,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { describe, expect, test } from "vitest";
import { CHARGE, SHOP, TOKEN } from "./served-shop.js";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0";
const SUBSCRIPTION_ID = "gid://shopify/AppSubscription/1";
const RECORD_ID = "gid://shopify/AppUsageRecord/1";

const USAGE_RECORD = {
  id: RECORD_ID,
  createdAt: "2026-11-21T12:00:00Z",
  description: "1000 emails",
  idempotencyKey: "event-1",
  price: { amount: "1.0", currencyCode: "USD" },
  subscriptionLineItem: {
    id: LINE_ITEM,
    plan: {
      pricingDetails: {
        __typename: "AppUsagePricing",
        balanceUsed: { amount: "1.0", currencyCode: "USD" },
        cappedAmount: { amount: "100.0", currencyCode: "USD" },
        interval: "EVERY_30_DAYS",
        terms: "1 USD for 1000 emails",
      },
    },
  },
};

const SUBSCRIPTION = {
  id: SUBSCRIPTION_ID,
  name: "Plan",
  status: "ACTIVE",
  test: false,
  createdAt: "2026-11-01T12:00:00Z",
  currentPeriodEnd: "2026-12-01T12:00:00Z",
  returnUrl: "https://app.example/",
  trialDays: 0,
  lineItems: [{ id: LINE_ITEM, plan: USAGE_RECORD.subscriptionLineItem.plan }],
};

const PAGE_INFO = { hasNextPage: false, endCursor: "cursor" };
const CONFIRMATION = {
  appSubscription: SUBSCRIPTION,
  confirmationUrl: "https://example.myshopify.com/confirm",
  userErrors: [],
};

/** A right answer's data, by the name of the operation. */
const RIGHT = {
  AppUsageRecordCreate: {
    appUsageRecordCreate: {
      appUsageRecord: USAGE_RECORD,
      userErrors: [{ field: null, message: "Total price exceeds balance remaining" }],
    },
  },
  ActiveSubscriptions: { currentAppInstallation: { activeSubscriptions: [SUBSCRIPTION] } },
  Subscriptions: {
    currentAppInstallation: { allSubscriptions: { nodes: [SUBSCRIPTION], pageInfo: PAGE_INFO } },
  },
  UsageRecord: { node: USAGE_RECORD },
  UsageRecords: {
    node: {
      __typename: "AppSubscription",
      id: SUBSCRIPTION_ID,
      lineItems: [
        {
          ...SUBSCRIPTION.lineItems[0],
          usageRecords: { nodes: [USAGE_RECORD], pageInfo: PAGE_INFO },
        },
      ],
    },
  },
  AppSubscriptionCreate: { appSubscriptionCreate: CONFIRMATION },
  AppSubscriptionLineItemUpdate: { appSubscriptionLineItemUpdate: CONFIRMATION },
  AppSubscriptionCancel: {
    appSubscriptionCancel: { appSubscription: SUBSCRIPTION, userErrors: [] },
  },
};

type OperationName = keyof typeof RIGHT;

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

interface Call {
  readonly run: (billing: UsageBillingClient) => Promise<unknown>;
  /** Whether a value has the type that the method promises. */
  readonly isRight: (resolved: unknown) => boolean;
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((part, key) => Reflect.get(Object(part), key), value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isMoney(value: unknown): boolean {
  return isText(at(value, "amount")) && isText(at(value, "currencyCode"));
}

function isRecord(value: unknown): boolean {
  return (
    /^gid:\/\/shopify\/AppUsageRecord\/\d+$/.test(String(at(value, "id"))) &&
    isText(at(value, "createdAt")) &&
    isText(at(value, "description")) &&
    isMoney(at(value, "price")) &&
    isText(at(value, "subscriptionLineItem", "id"))
  );
}

function isRecordOrNull(value: unknown): boolean {
  return value === null || isRecord(value);
}

function isListOf(isItem: (item: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(isItem);
}

function isSubscription(value: unknown): boolean {
  return (
    isText(at(value, "id")) &&
    isText(at(value, "status")) &&
    isListOf((item) => isText(at(item, "id")))(at(value, "lineItems"))
  );
}

function isRefusal(value: unknown): boolean {
  return (
    at(value, "ok") === false &&
    isText(at(value, "userErrors", 0, "message")) &&
    ["notApplied", "unknown"].includes(String(at(value, "certainty")))
  );
}

function isCharge(value: unknown): boolean {
  return at(value, "ok") === true ? isRecord(at(value, "usageRecord")) : isRefusal(value);
}

function isMutation(value: unknown): boolean {
  return at(value, "ok") === true ? typeof at(value, "payload") === "object" : isRefusal(value);
}

/** Every way to send something. */
const CALLS: Record<string, Call> = {
  createUsageRecord: {
    run: (billing) => billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: LINE_ITEM }),
    isRight: isCharge,
  },
  "createUsageRecord with look-up": {
    run: (billing) => billing.createUsageRecord(CHARGE),
    isRight: isCharge,
  },
  createUsageRecords: {
    run: async (billing) => {
      const [outcome] = await listOf(
        billing.createUsageRecords([{ ...CHARGE, idempotencyKey: "event-1" }]),
      );
      if (outcome?.error !== undefined) throw outcome.error;
      return outcome?.result;
    },
    isRight: isCharge,
  },
  usageRecord: {
    run: (billing) => billing.usageRecord(RECORD_ID),
    isRight: isRecordOrNull,
  },
  findUsageRecord: {
    run: (billing) =>
      billing.findUsageRecord({
        idempotencyKey: "event-1",
        createdAfter: "2026-11-01T00:00:00Z",
        subscriptionLineItemId: LINE_ITEM,
      }),
    isRight: isRecordOrNull,
  },
  usageRecords: { run: (billing) => listOf(billing.usageRecords()), isRight: isListOf(isRecord) },
  "usageRecords of a line item": {
    run: (billing) => listOf(billing.usageRecords({ subscriptionLineItemId: LINE_ITEM })),
    isRight: isListOf(isRecord),
  },
  "usageRecords by pages": {
    run: (billing) => listOf(billing.usageRecords({ subscriptionId: SUBSCRIPTION_ID }).pages()),
    isRight: isListOf(isListOf(isRecord)),
  },
  subscriptions: {
    run: (billing) => listOf(billing.subscriptions()),
    isRight: isListOf(isSubscription),
  },
  activeUsageLineItem: {
    run: (billing) => billing.activeUsageLineItem(),
    isRight: (lineItem) =>
      lineItem === null ||
      (isText(at(lineItem, "id")) &&
        isMoney(at(lineItem, "balanceUsed")) &&
        isMoney(at(lineItem, "cappedAmount")) &&
        isMoney(at(lineItem, "balanceRemaining"))),
  },
  query: {
    run: (billing) => billing.query(ActiveSubscriptionsDocument, {}),
    isRight: (data) => typeof data === "object",
  },
  mutate: {
    run: (billing) => billing.mutate(AppSubscriptionCancelDocument, { id: SUBSCRIPTION_ID }),
    isRight: isMutation,
  },
  updateCappedAmount: {
    run: (billing) => billing.updateCappedAmount({ cappedAmount: CHARGE.price }),
    isRight: isMutation,
  },
  createSubscription: {
    run: (billing) =>
      billing.createSubscription({
        name: "Plan",
        returnUrl: "https://app.example/",
        usage: { cappedAmount: CHARGE.price, terms: "1 USD for 1000 emails" },
      }),
    isRight: isMutation,
  },
  cancelSubscription: {
    run: (billing) => billing.cancelSubscription({ id: SUBSCRIPTION_ID }),
    isRight: isMutation,
  },
};

/** Describes what is wrong with the outcome of a call whose every request gets this response. */
async function flawOf(
  { run, isRight }: Call,
  answer: (operation: OperationName) => Response,
): Promise<unknown> {
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    retry: false,
    fetch: async (_, init) => {
      const name = Object.keys(RIGHT).find((name) => String(init?.body).includes(`"${name}"`));
      return answer(name as OperationName); // A key of RIGHT: the client has no other operations.
    },
  });
  try {
    const resolved = await run(billing);
    return isRight(resolved) ? null : resolved;
  } catch (error) {
    const isOurs = error instanceof UsageBillingError && error.message !== "";
    return isOurs && ["notApplied", "unknown"].includes(error.certainty) ? null : error;
  }
}

/** Each place in a value, as the path to it. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]))];
}

/** The value with one place replaced, or removed if the replacement is undefined. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .map(([name, part]: [string, unknown]) => [
      name,
      name === key ? replaced(part, rest, by) : part,
    ])
    .filter(([, part]) => part !== undefined);
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

const NOTHING = undefined;
const anything = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(NOTHING, null, [], {}, [null], "", 0) },
);

/** Valid data, except in one to three places. */
function spoilt(right: object): fc.Arbitrary<unknown> {
  return fc
    .array(fc.tuple(fc.constantFrom(...placesIn(right)), anything), { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce<unknown>((data, [path, by]) => replaced(data, path, by), right),
    );
}

/** `RUNS=5000` looks longer. */
const RUNS = Number(process.env["RUNS"] ?? 50);

describe.each(Object.entries(CALLS))("%s", (_, call) => {
  test("arbitrary bytes, with any status", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 })),
        async (bytes, status) => {
          const empty = [204, 205, 304].includes(status);
          expect(
            await flawOf(call, () => new Response(empty ? null : bytes, { status })),
          ).toBeNull();
        },
      ),
      { numRuns: RUNS, seed: 1 },
    );
  });

  test("arbitrary JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (body) => {
        expect(await flawOf(call, () => new Response(body))).toBeNull();
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  test("arbitrary data and errors", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          { data: anything, errors: fc.array(anything), extensions: anything },
          { requiredKeys: [] },
        ),
        async (answer) => {
          expect(await flawOf(call, () => Response.json(answer))).toBeNull();
        },
      ),
      { numRuns: RUNS, seed: 3 },
    );
  });

  test("responses that are valid except in some places", async () => {
    const data = fc.record({
      AppUsageRecordCreate: spoilt(RIGHT.AppUsageRecordCreate),
      ActiveSubscriptions: spoilt(RIGHT.ActiveSubscriptions),
      Subscriptions: spoilt(RIGHT.Subscriptions),
      UsageRecord: spoilt(RIGHT.UsageRecord),
      UsageRecords: spoilt(RIGHT.UsageRecords),
      AppSubscriptionCreate: spoilt(RIGHT.AppSubscriptionCreate),
      AppSubscriptionLineItemUpdate: spoilt(RIGHT.AppSubscriptionLineItemUpdate),
      AppSubscriptionCancel: spoilt(RIGHT.AppSubscriptionCancel),
    });
    const errors = fc.option(fc.array(fc.record({ message: fc.string() })), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(data, errors, async (answers, errors) => {
        expect(
          await flawOf(call, (operation) => Response.json({ data: answers[operation], errors })),
        ).toBeNull();
      }),
      { numRuns: 5 * RUNS, seed: 4 },
    );
  });
});
