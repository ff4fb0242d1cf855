import { describe, expect, test } from "vitest";
import { createAdminSimulator, type AdminSimulator, type Shop } from "../index.js";

interface Cost {
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number | null;
  readonly throttleStatus: {
    readonly maximumAvailable: number;
    readonly currentlyAvailable: number;
    readonly restoreRate: number;
  };
}

function setUp(): { admin: AdminSimulator; shop: Shop } {
  const admin = createAdminSimulator({ clock: "manual" });
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  shop.createSubscription({
    cappedAmount: { amount: 1000, currencyCode: "USD" },
    status: "ACTIVE",
  });
  shop.addUsageRecords(Array.from({ length: 10 }, () => ({ price: 1 })));
  return { admin, shop };
}

async function send(
  shop: Shop,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ data?: unknown; errors?: unknown; extensions: { cost: Cost } }> {
  const response = await shop.graphql(query, { variables });
  return (await response.json()) as { extensions: { cost: Cost } }; // JSON enters
}

const CHARGE = `mutation {
  appUsageRecordCreate(
    subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=0"
    price: { amount: 1, currencyCode: USD }
    description: "1000 emails"
  ) { appUsageRecord { id subscriptionLineItem { plan { pricingDetails { __typename } } } } }
}`;

describe("what a request costs", () => {
  test.each([
    ["scalars", "{ __typename }", 0, 0],
    ["an object", "{ currentAppInstallation { id launchUrl } }", 1, 1],
    [
      "a field by two names",
      "{ a: currentAppInstallation { id } b: currentAppInstallation { id } }",
      2,
      2,
    ],
    [
      "one field selected twice",
      "{ currentAppInstallation { id } currentAppInstallation { launchUrl } }",
      1,
      1,
    ],
    [
      "money is free",
      '{ node(id: "gid://shopify/AppUsageRecord/1034618209") { ... on AppUsageRecord { price { amount } } } }',
      1,
      1,
    ],
    ["an object that is not found", '{ node(id: "gid://shopify/AppUsageRecord/1") { id } }', 1, 1],
    [
      "the dearest of the types that a field may have",
      '{ node(id: "gid://shopify/AppUsageRecord/1034618209") { id ... on AppSubscription { lineItems { plan { pricingDetails { __typename } } } } } }',
      4,
      1,
    ],
    ["what is skipped", "{ currentAppInstallation { app @skip(if: true) { id } } }", 1, 1],
    ["introspection", "{ __schema { queryType { name } } }", 0, 0],
    ["a charge with its plan", CHARGE, 13, 13],
    ["a charge that is refused", CHARGE.replace("amount: 1,", "amount: 0,"), 13, 10],
    [
      "two mutations",
      CHARGE.replace("mutation {", "mutation { other:").replace(/\}$/, `${CHARGE.slice(10)}`),
      26,
      26,
    ],
  ])("%s", async (_, query, requested, actual) => {
    const { shop } = setUp();
    const { extensions } = await send(shop, query);
    expect(extensions.cost).toMatchObject({
      requestedQueryCost: requested,
      actualQueryCost: actual,
    });
  });

  test.each([
    [1, 3],
    [3, 4],
    [10, 6],
    [50, 9],
    [100, 11],
    [250, 13],
  ])("a connection of %i plain nodes costs %i", async (first, cost) => {
    const { shop } = setUp();
    const { extensions } = await send(
      shop,
      "query ($first: Int) { currentAppInstallation { allSubscriptions(first: $first) { nodes { id } pageInfo { hasNextPage } } } }",
      { first },
    );
    // One for the installation; of the page that was asked for, one subscription is returned.
    const share = Math.round((cost - 2) / first);
    expect(extensions.cost).toMatchObject({
      requestedQueryCost: 1 + cost,
      actualQueryCost: 1 + 2 + share,
    });
  });

  test("the cost of nodes is multiplied, and nodes and edges are the same", async () => {
    const { shop } = setUp();
    const nodes =
      "id price { amount } subscriptionLineItem { plan { pricingDetails { __typename } } }";
    for (const selection of [`nodes { ${nodes} }`, `edges { cursor node { ${nodes} } }`]) {
      const { extensions } = await send(
        shop,
        `query ($first: Int = 250) {
          node(id: "gid://shopify/AppSubscription/1029266946") {
            ... on AppSubscription { lineItems { usageRecords(first: $first) { ${selection} } } }
          }
        }`,
      );
      // node + line item + connection of 250, of which there are 10
      expect(extensions.cost).toMatchObject({
        requestedQueryCost: 1 + 1 + (2 + 11 * 4),
        actualQueryCost: 1 + 1 + (2 + Math.round((11 * 4 * 10) / 250)),
      });
    }
  });

  test("an empty page costs what was requested", async () => {
    const admin = createAdminSimulator();
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
    const cappedAmount = { amount: 1, currencyCode: "USD" };
    const { id } = shop.createSubscription({ cappedAmount, status: "ACTIVE" });
    const { extensions } = await send(
      shop,
      `{ node(id: "${id}") { ... on AppSubscription { lineItems { usageRecords(first: 250) { nodes { id } } } } } }`,
    );
    expect(extensions.cost).toMatchObject({ requestedQueryCost: 15, actualQueryCost: 15 });
  });

  test("more than 1000 points are refused, whatever the bucket holds", async () => {
    const { shop } = setUp();
    const records = Array.from(
      { length: 6 },
      (_, index) => `r${index}: usageRecords(first: 250) { nodes { subscriptionLineItem { id } } }`,
    ).join(" ");
    const answer = await send(
      shop,
      `{ currentAppInstallation { allSubscriptions(first: 250) { nodes { lineItems { ${records} } } } } }`,
    );
    expect(answer).toMatchObject({
      errors: [
        {
          message: expect.stringContaining("which exceeds the single query max cost limit (1000)"),
          extensions: { code: "MAX_COST_EXCEEDED", maxCost: 1000 },
        },
      ],
    });
    expect(answer).not.toHaveProperty("data");
  });
});

describe("the bucket", () => {
  test("holds what the plan gives, fills with the time, and never overflows", async () => {
    const { admin, shop } = setUp();
    const { extensions } = await send(shop, CHARGE);
    expect(extensions.cost.throttleStatus).toEqual({
      maximumAvailable: 2000,
      currentlyAvailable: 1987,
      restoreRate: 100,
    });
    shop.drain();
    admin.clock.advance(1500);
    expect(shop.throttleStatus.currentlyAvailable).toBe(150);
    admin.clock.advance(3_600_000);
    expect(shop.throttleStatus.currentlyAvailable).toBe(2000);
  });

  test("gives back what was asked for and not used", async () => {
    const { shop } = setUp();
    const { extensions } = await send(
      shop,
      "{ currentAppInstallation { allSubscriptions(first: 250) { nodes { id } } } }",
    );
    expect(extensions.cost).toMatchObject({
      requestedQueryCost: 14,
      actualQueryCost: 3,
      throttleStatus: { currentlyAvailable: 1997 },
    });
  });

  test("too small for a request: it is throttled, and not executed", async () => {
    const { admin, shop } = setUp();
    shop.drain(1988);
    const response = await shop.graphql(CHARGE);
    expect(response.status).toBe(200);
    const answer: unknown = await response.json();
    expect(answer).toEqual({
      errors: [
        {
          message: "Throttled",
          extensions: { code: "THROTTLED", documentation: expect.any(String) },
        },
      ],
      extensions: {
        cost: {
          requestedQueryCost: 13,
          actualQueryCost: null,
          throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 12, restoreRate: 100 },
        },
      },
    });
    expect(admin.ledger).toHaveLength(10);
    admin.clock.advance(10);
    expect(await send(shop, CHARGE)).not.toHaveProperty("errors");
  });

  test("is another one for every app and shop", async () => {
    const { admin, shop } = setUp();
    const other = admin.addShop({
      shop: "example.myshopify.com",
      app: "other",
      accessToken: "shpat_other",
      plan: "plus",
    });
    shop.drain();
    expect(other.throttleStatus).toEqual({
      maximumAvailable: 20_000,
      currentlyAvailable: 20_000,
      restoreRate: 1000,
    });
  });

  test("can have any size, for all shops or for one", () => {
    const admin = createAdminSimulator({
      clock: "manual",
      bucket: { maximumAvailable: 40, restoreRate: 2 },
    });
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
    const other = admin.addShop({
      shop: "other.myshopify.com",
      accessToken: "shpat_other",
      bucket: { maximumAvailable: 10, restoreRate: 1 },
    });
    expect(shop.throttleStatus.maximumAvailable).toBe(40);
    expect(other.throttleStatus.maximumAvailable).toBe(10);
    expect(() => createAdminSimulator({ bucket: { maximumAvailable: 0, restoreRate: 1 } })).toThrow(
      "bucket.maximumAvailable must be a number of points above zero, got 0",
    );
  });
});
