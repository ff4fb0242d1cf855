import { expect, test } from "vitest";
import { createAdminSimulator, documentedExamples } from "../../src/testing/index.js";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=1";

/** Charges, and reads one field of AppUsageRecord. */
async function field(selection: string): Promise<unknown> {
  const admin = createAdminSimulator({ now: "2025-01-31T12:00:00.500Z", clock: "manual" });
  const shop = documentedExamples(admin);
  const response = await shop.graphql(
    `mutation {
      appUsageRecordCreate(
        subscriptionLineItemId: "${LINE_ITEM}"
        price: { amount: 12.50, currencyCode: USD }
        description: "Super Mega Plan 1000 emails"
        idempotencyKey: "event-1"
      ) {
        appUsageRecord { ${selection} }
      }
    }`,
  );
  const { data } = (await response.json()) as {
    data: { appUsageRecordCreate: { appUsageRecord: unknown } }; // JSON enters
  };
  return data.appUsageRecordCreate.appUsageRecord;
}

test("createdAt", async () => {
  expect(await field("createdAt")).toEqual({ createdAt: "2025-01-31T12:00:00Z" });
});

test("description", async () => {
  expect(await field("description")).toEqual({ description: "Super Mega Plan 1000 emails" });
});

test("id", async () => {
  expect(await field("id")).toEqual({ id: "gid://shopify/AppUsageRecord/1034618209" });
});

test("idempotencyKey", async () => {
  expect(await field("idempotencyKey")).toEqual({ idempotencyKey: "event-1" });
});

test("price", async () => {
  expect(await field("price { amount currencyCode }")).toEqual({
    price: { amount: "12.5", currencyCode: "USD" },
  });
});

test("subscriptionLineItem", async () => {
  const selection = `subscriptionLineItem {
    id
    plan {
      pricingDetails {
        __typename
        ... on AppUsagePricing {
          balanceUsed { amount currencyCode }
          cappedAmount { amount currencyCode }
          interval
          terms
        }
      }
    }
  }`;
  expect(await field(selection)).toEqual({
    subscriptionLineItem: {
      id: LINE_ITEM,
      plan: {
        pricingDetails: {
          __typename: "AppUsagePricing",
          balanceUsed: { amount: "32.5", currencyCode: "USD" },
          cappedAmount: { amount: "100.0", currencyCode: "USD" },
          interval: "EVERY_30_DAYS",
          terms: "$1 for 1000 emails",
        },
      },
    },
  });
});

test("the record is a Node", async () => {
  const admin = createAdminSimulator();
  const shop = documentedExamples(admin);
  const [record] = shop.addUsageRecords([{ price: "1.00" }]);
  const response = await shop.graphql(
    `query ($id: ID!) { node(id: $id) { __typename id ... on AppUsageRecord { description } } }`,
    { variables: { id: record?.id } },
  );
  expect(await response.json()).toMatchObject({
    data: { node: { __typename: "AppUsageRecord", id: record?.id, description: "Usage" } },
  });
});

test("the record is found in AppSubscriptionLineItem.usageRecords, by nodes and by edges", async () => {
  const admin = createAdminSimulator();
  const shop = documentedExamples(admin);
  const [record] = shop.addUsageRecords([{ price: "1.00" }]);
  const response = await shop.graphql(`{
    currentAppInstallation {
      activeSubscriptions {
        lineItems { usageRecords(first: 1, reverse: true) { nodes { id } edges { node { id } } } }
      }
    }
  }`);
  expect(await response.json()).toMatchObject({
    data: {
      currentAppInstallation: {
        activeSubscriptions: [
          {
            lineItems: [
              { usageRecords: { nodes: [], edges: [] } },
              {
                usageRecords: {
                  nodes: [{ id: record?.id }],
                  edges: [{ node: { id: record?.id } }],
                },
              },
            ],
          },
        ],
      },
    },
  });
});
