import { beforeEach, describe, expect, test } from "vitest";
import { createUsageBillingClient } from "../index.js";
import { createAdminSimulator, type AdminSimulator, type Shop } from "../testing/index.js";
import { createUsageBillingClient as createLatest } from "../versions/2026-10.js";
import { createReadingClient, type ReadError } from "./index.js";
import { ActiveSubscriptionsDocument, UsageRecordsDocument } from "../generated/2026-10/graphql.js";
import { readErrorOf } from "./read-error.js";
import { answerRead } from "./server.js";

const DOMAIN = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_secret_of_the_server";
const URL = "https://app.example/api/usage-billing";

let admin: AdminSimulator;
let shop: Shop;

beforeEach(() => {
  admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z" });
  shop = admin.addShop({ shop: DOMAIN, accessToken: ACCESS_TOKEN });
  shop.createSubscription({
    cappedAmount: { amount: "100", currencyCode: "USD" },
    status: "ACTIVE",
    number: 1,
  });
  shop.addUsageRecords([{ price: "12.5", description: "1000 emails" }]);
});

function billing(): ReturnType<typeof createUsageBillingClient> {
  return createUsageBillingClient({
    shop: DOMAIN,
    accessToken: ACCESS_TOKEN,
    fetch: admin.fetch,
    retry: false,
  });
}

function post(body: unknown): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerRead(new Request(URL, { method: "POST", body: text }), billing());
}

describe("a request of the hooks", () => {
  test("is answered with the shop's data", async () => {
    const response = await post({ operationName: "ActiveSubscriptions" });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({
      data: { currentAppInstallation: { activeSubscriptions: [{ status: "ACTIVE" }] } },
    });
    const variables = {
      subscriptionId: "gid://shopify/AppSubscription/1",
      first: 10,
      reverse: true,
    };
    const records = await post({ operationName: "UsageRecords", variables });
    expect(JSON.stringify(await records.json())).toContain("1000 emails");
  });

  test("is answered by a client of another API version", async () => {
    const latest = createLatest({ shop: DOMAIN, accessToken: ACCESS_TOKEN, fetch: admin.fetch });
    const body = JSON.stringify({ operationName: "ActiveSubscriptions" });
    const response = await answerRead(new Request(URL, { method: "POST", body }), latest);
    expect(response.status).toBe(200);
    expect(admin.requests[0]?.apiVersion).toBe("2026-10");
  });
});

describe("a forged request", () => {
  const charge = `mutation { appUsageRecordCreate(
    subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0"
    price: { amount: "1", currencyCode: USD } description: "Forged"
  ) { appUsageRecord { id } userErrors { message } } }`;

  test.each([
    ["a charge", { query: charge }],
    ["a charge by name", { operationName: "AppUsageRecordCreate", query: charge }],
    ["another query", { operationName: "Shop", query: "query Shop { shop { name } }" }],
    ["nothing", {}],
    ["variables that are none", { operationName: "UsageRecords", variables: [1] }],
    ["no object", "[]"],
    ["no JSON", "{"],
    ["a body of megabytes", { operationName: "ActiveSubscriptions", query: "x".repeat(70_000) }],
    [
      "too large a page",
      {
        operationName: "UsageRecords",
        variables: { subscriptionId: "gid://shopify/AppSubscription/1", first: 251 },
      },
    ],
    [
      "another id",
      {
        operationName: "UsageRecords",
        variables: { subscriptionId: "gid://shopify/Order/1", first: 1 },
      },
    ],
    [
      "an order that is none",
      {
        operationName: "UsageRecords",
        variables: { subscriptionId: "gid://shopify/AppSubscription/1", first: 1, reverse: "yes" },
      },
    ],
  ])("is refused before anything is sent: %s", async (_name, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(admin.requests).toHaveLength(0);
  });

  test("runs only the package's own query, regardless of its text", async () => {
    const response = await post({ operationName: "ActiveSubscriptions", query: charge });
    expect(response.status).toBe(200);
    expect(admin.ledger).toHaveLength(1);
    expect(admin.requests[0]).toMatchObject({ operationName: "ActiveSubscriptions" });
  });

  test("may only be a POST", async () => {
    const response = await answerRead(new Request(URL), billing());
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("errors", () => {
  /** The hooks' error for the server's response. */
  async function failure(): Promise<ReadError | null> {
    const client = createReadingClient({
      endpoint: "/api/usage-billing",
      fetch: (path, init) => answerRead(new Request(`https://app.example${path}`, init), billing()),
      retry: false,
    });
    return readErrorOf(await client.query(ActiveSubscriptionsDocument, {}).toPromise());
  }

  test.each([
    ["frozen", "ShopUnavailableError", 402],
    ["forbidden", "AccessDeniedError", 403],
    ["closed", "ShopUnavailableError", 404],
    ["locked", "ShopUnavailableError", 423],
  ] as const)(
    "reach the browser as what they are: a shop that is %s",
    async (status, name, code) => {
      shop.setStatus(status);
      expect(await failure()).toMatchObject({ name, status: code });
    },
  );

  test.each([
    ["unauthorized", "AuthenticationError"],
    ["tooManyRequests", "ThrottledError"],
    ["throttled", "ThrottledError"],
    ["serverErrorBefore", "ServerError"],
    ["internalErrorBefore", "ServerError"],
    ["lostBefore", "ServerError"],
    ["brokenJson", "ServerError"],
    ["redirect", "ServerError"],
  ] as const)("reach the browser as what they are: %s", async (fault, name) => {
    admin.faults.next(fault);
    expect((await failure())?.name).toBe(name);
  });

  test("say how long to wait", async () => {
    admin.faults.next({ name: "tooManyRequests", retryAfter: "2.0" });
    expect(await failure()).toMatchObject({ name: "ThrottledError", retryAfter: 2_000 });
  });

  test("of GraphQL keep their codes", async () => {
    const client = createReadingClient({
      endpoint: "/api/usage-billing",
      fetch: (path, init) => answerRead(new Request(`https://app.example${path}`, init), billing()),
      retry: false,
    });
    const variables = {
      subscriptionId: "gid://shopify/AppSubscription/1",
      first: 1,
      after: "nowhere",
    };
    const result = await client.query(UsageRecordsDocument, variables).toPromise();
    expect(readErrorOf(result)?.name).toBe("GraphQLRequestError");
  });

  test("never hold the access token", async () => {
    admin.faults.next("echo");
    const response = await post({ operationName: "ActiveSubscriptions" });
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain(ACCESS_TOKEN);
  });

  test("of the program itself are thrown", async () => {
    const broken = { query: () => Promise.reject(new RangeError("a defect")) };
    const body = JSON.stringify({ operationName: "ActiveSubscriptions" });
    const request = new Request(URL, { method: "POST", body });
    await expect(answerRead(request, broken)).rejects.toThrow(RangeError);
  });
});

test("a request that the browser aborts is aborted towards Shopify", async () => {
  admin.faults.next("noAnswerBefore");
  const controller = new AbortController();
  const body = JSON.stringify({ operationName: "ActiveSubscriptions" });
  const request = new Request(URL, { method: "POST", body, signal: controller.signal });
  const answer = answerRead(request, billing());
  setTimeout(() => controller.abort(), 10);
  expect((await answer).status).toBe(502);
});
