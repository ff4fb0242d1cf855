import { expect, test } from "vitest";
import { createAdminSimulator } from "../../src/testing/index.js";

test("a line item id without ?v=1&index=… names the subscription's usage line item", async () => {
  const admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_test" });
  shop.createSubscription({
    number: 1234567890,
    recurring: { price: { amount: 10, currencyCode: "USD" } },
    cappedAmount: { amount: 100, currencyCode: "USD" },
    test: true,
    status: "ACTIVE",
  });

  const response = await shop.graphql(
    `mutation ($id: ID!, $price: MoneyInput!) {
      appUsageRecordCreate(
        subscriptionLineItemId: $id
        price: $price
        description: "Usage record for product creation"
      ) {
        appUsageRecord { price { amount } subscriptionLineItem { id } }
        userErrors { message }
      }
    }`,
    {
      variables: {
        id: "gid://shopify/AppSubscriptionLineItem/1234567890",
        price: { amount: 1, currencyCode: "USD" },
      },
    },
  );

  expect(await response.json()).toMatchObject({
    data: {
      appUsageRecordCreate: {
        appUsageRecord: {
          price: { amount: "1.0" },
          subscriptionLineItem: {
            id: "gid://shopify/AppSubscriptionLineItem/1234567890?v=1&index=1",
          },
        },
        userErrors: [],
      },
    },
  });
});
