import { createUsageBillingClient, type UsageBillingClient } from "shopify-usage-billing/2026-10";
import { describe, expect, test } from "vitest";
import { CHARGE, settled, SHOP, skipWaits, TOKEN } from "./served-shop.js";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0";
const NAMED = { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: LINE_ITEM };

const RECORD = {
  id: "gid://shopify/AppUsageRecord/1",
  createdAt: "2026-11-21T12:00:00Z",
  description: "1000 emails",
  idempotencyKey: "event-1",
  price: { amount: "1.0", currencyCode: "USD" },
  subscriptionLineItem: { id: LINE_ITEM, plan: {} },
};
const REFUSED = { field: null, message: "Total price exceeds balance remaining" };

/** A client whose every request gets this answer, which the simulator would not give. */
function answered(body: object | string, init?: ResponseInit): UsageBillingClient {
  return createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    onEvent: skipWaits(),
    retry: { attempts: 2 },
    fetch: async () =>
      new Response(typeof body === "string" ? body : JSON.stringify(body), {
        headers: { "x-request-id": "request-1" },
        ...init,
      }),
  });
}

function charged(appUsageRecord: unknown, userErrors: unknown, rest: object = {}): object {
  return { data: { appUsageRecordCreate: { appUsageRecord, userErrors } }, ...rest };
}

describe("a record is a success, with anything beside it", () => {
  test("user errors", async () => {
    const result = await answered(charged(RECORD, [REFUSED])).createUsageRecord(NAMED);

    expect(result).toMatchObject({
      ok: true,
      usageRecord: RECORD,
      meta: { warnings: [{ source: "userErrors", message: REFUSED.message }] },
    });
  });

  test("GraphQL errors", async () => {
    const errors = [{ message: "Could not count the emails", path: ["appUsageRecordCreate"] }];

    const result = await answered(charged(RECORD, [], { errors })).createUsageRecord(NAMED);

    expect(result).toMatchObject({
      ok: true,
      usageRecord: RECORD,
      meta: {
        attempts: 1,
        warnings: [
          { source: "errors", message: expect.stringContaining("Could not count the emails") },
        ],
      },
    });
  });
});

describe("a malformed record", () => {
  const { createdAt: _, ...undated } = RECORD;

  test.each([
    ["createdAt is missing", undated],
    ["price.amount is a number", { ...RECORD, price: { amount: 1, currencyCode: "USD" } }],
    ["idempotencyKey is a number", { ...RECORD, idempotencyKey: 5 }],
    ["subscriptionLineItem.id is missing", { ...RECORD, subscriptionLineItem: null }],
    ['id is "gid://shopify/Order/1"', { ...RECORD, id: "gid://shopify/Order/1" }],
  ])("is an error that says that %s, with the body", async (problem, record) => {
    const error = await settled(answered(charged(record, [])).createUsageRecord(NAMED));

    expect(error).toMatchObject({
      name: "InvalidResponseError",
      message: `The usage record in the response is malformed: ${problem}`,
      certainty: "unknown",
      body: expect.stringContaining('"description":"1000 emails"'),
    });
  });
});

describe("a response with neither record nor refusal may have charged", () => {
  test.each([
    ["a null payload", { data: { appUsageRecordCreate: null } }],
    ["null data", { data: null }],
    ["no data", {}],
    ["no payload", { data: {} }],
    ["neither record nor user errors", charged(null, [])],
    ["user errors that are none", charged(null, [{ text: "No" }])],
    ["user errors that are no list", charged(null, { message: "No" })],
    ["a record without price", charged({ ...RECORD, price: null }, [])],
    [
      "a record with a numeric amount",
      charged({ ...RECORD, price: { amount: 1, currencyCode: "USD" } }, []),
    ],
    ["a record without id", charged({ ...RECORD, id: "" }, [])],
    ["a broken record beside user errors", charged({ ...RECORD, id: null }, [REFUSED])],
    ["a list", []],
    ["text", '"charged"'],
    ["a GraphQL answer with status 201 and no data", { extensions: {} }],
  ])("%s", async (_, body) => {
    const error = await settled(answered(body).createUsageRecord(NAMED));

    expect(error).toMatchObject({
      name: "InvalidResponseError",
      certainty: "unknown",
      attempts: 1,
      idempotencyKey: "event-1",
      requestId: "request-1",
      status: 200,
    });
  });

  test("user errors beside GraphQL errors", async () => {
    const errors = [{ message: "Something went wrong" }];

    const error = await settled(
      answered(charged(null, [REFUSED], { errors })).createUsageRecord(NAMED),
    );

    expect(error).toMatchObject({
      name: "GraphQLRequestError",
      message: "Shopify refused the request: Something went wrong",
      certainty: "unknown",
    });
  });
});

describe("any other status", () => {
  test.each([
    [400, "notApplied"],
    [405, "notApplied"],
    [413, "notApplied"],
    [422, "notApplied"],
    [300, "notApplied"],
    [304, "notApplied"],
  ] as const)("%i", async (status, certainty) => {
    const body = status === 304 ? undefined : "<h1>Something else</h1>";
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => new Response(body, { status }),
    });

    expect(await settled(billing.createUsageRecord(NAMED))).toMatchObject({
      name: "InvalidResponseError",
      status,
      certainty,
      attempts: 1,
    });
  });

  test("a failure's status says what happened even if its body never ends, but proves nothing", async () => {
    const stalled = (): Response =>
      new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }), {
        status: 423,
      });
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => stalled(),
      timeout: 20,
    });

    expect(await settled(billing.createUsageRecord(NAMED))).toMatchObject({
      name: "ShopUnavailableError",
      status: 423,
      certainty: "unknown",
      attempts: 1,
    });
  });

  test("a failure's status says what happened even if its body breaks off, but proves nothing", async () => {
    const broken = (): Response =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new TypeError("terminated")),
        }),
        { status: 401 },
      );
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => broken(),
    });

    expect(await settled(billing.createUsageRecord(NAMED))).toMatchObject({
      name: "AuthenticationError",
      certainty: "unknown",
      attempts: 1,
    });
  });
});

describe("Shopify's own words are in the message", () => {
  test.each([
    [
      403,
      { errors: "[API] Non-expiring access tokens are no longer accepted" },
      "AccessDeniedError",
      "Shopify denied access (403): [API] Non-expiring access tokens are no longer accepted",
    ],
    [200, { errors: "Not Found" }, "InvalidResponseError", "The answer has no data: Not Found"],
  ])("%i %j", async (status, body, name, message) => {
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => Response.json(body, { status }),
    });

    expect(await settled(billing.createUsageRecord(NAMED))).toMatchObject({
      name,
      message,
      body: JSON.stringify(body),
    });
  });
});

test("a circular fetch error is a NetworkError, and no rejection is unhandled", async () => {
  const circle = new AggregateError([], "round");
  circle.errors.push(circle, new Error("x", { cause: circle }));
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: TOKEN,
    retry: false,
    fetch: async () => {
      throw circle;
    },
  });

  expect(await settled(billing.createUsageRecord(NAMED))).toMatchObject({
    name: "NetworkError",
    certainty: "unknown",
    message: "The connection to Shopify failed: round",
  });
});
