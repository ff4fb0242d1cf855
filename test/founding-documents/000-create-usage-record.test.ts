// Document 000: `shopify.billing.createUsageRecord` of @shopify/shopify-api, and what stands for
// each of its words here.

import {
  createUsageBillingClient,
  UsageBillingError,
  type CreateUsageRecordInput,
  type UsageRecord,
} from "shopify-usage-billing/2026-10";
import { fromSession } from "shopify-usage-billing/shopify";
import { describe, expect, test } from "vitest";
import { serveShop, settled, SHOP, TOKEN, type ServedShop } from "../end-to-end/served-shop.js";

const CHARGE = {
  description: "Usage record for product creation",
  price: { amount: 1, currencyCode: "USD" },
  isTest: true,
} as const;

/** The subscription of the document's example. */
function serve(): Promise<ServedShop> {
  return serveShop({
    subscription: {
      number: 1234567890,
      test: true,
      recurring: { price: { amount: 10, currencyCode: "USD" } },
    },
  });
}

/** The usage record that a charge returns. */
async function recordOf(input: CreateUsageRecordInput = CHARGE): Promise<UsageRecord> {
  const { billing } = await serve();
  const result = await billing.createUsageRecord(input);
  if (!result.ok) throw new Error(result.userErrors[0].message);
  return result.usageRecord;
}

describe("examples", () => {
  test("Create a usage record for usage billing plan given an ID", async () => {
    const { admin, billing, lineItemId } = await serve();

    const result = await billing.createUsageRecord({
      description: "Usage record for product creation",
      price: { amount: 1, currencyCode: "USD" },
      isTest: true,
      subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1234567890",
    });

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { subscriptionLineItem: { id: lineItemId } },
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("Create a usage record for usage billing plan without a subscription line item ID", async () => {
    const { admin, billing, lineItemId } = await serve();

    const result = await billing.createUsageRecord({
      description: "Usage record for product creation",
      price: { amount: 1, currencyCode: "USD" },
      isTest: true,
    });

    // "the usage record will be created on the currently active usage plan"
    expect(result).toMatchObject({
      ok: true,
      usageRecord: { subscriptionLineItem: { id: lineItemId } },
    });
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("parameters", () => {
  test("session", async () => {
    const { admin, endpoint } = await serve();
    const session = { shop: SHOP, accessToken: TOKEN, isOnline: false };

    const billing = createUsageBillingClient({ ...fromSession(session), endpoint });
    await billing.createUsageRecord(CHARGE);

    expect(admin.ledger).toMatchObject([{ shop: SHOP }]);
  });

  test("description", async () => {
    const { admin, billing } = await serve();

    await billing.createUsageRecord({ ...CHARGE, description: "1000 emails" });

    expect(admin.ledger).toMatchObject([{ description: "1000 emails" }]);
  });

  test("price.amount", async () => {
    const { admin, billing } = await serve();

    await billing.createUsageRecord({ ...CHARGE, price: { amount: 2.5, currencyCode: "USD" } });

    expect(admin.ledger).toMatchObject([{ price: { amount: "2.5" } }]);
  });

  test("price.currencyCode", async () => {
    const { admin, billing } = await serveShop({
      subscription: { cappedAmount: { amount: 100, currencyCode: "EUR" } },
    });

    await billing.createUsageRecord({ ...CHARGE, price: { amount: 1, currencyCode: "EUR" } });

    expect(admin.ledger).toMatchObject([{ price: { currencyCode: "EUR" } }]);
  });

  test("subscriptionLineItemId", async () => {
    const { admin, billing, lineItemId } = await serve();

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(admin.ledger).toMatchObject([{ subscriptionLineItemId: lineItemId }]);
  });

  test("idempotencyKey", async () => {
    const { admin, billing } = await serve();

    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(admin.ledger).toMatchObject([{ idempotencyKey: "event-1" }]);
  });

  test("isTest, by default true", async () => {
    const { admin, billing } = await serve();
    const { isTest: _, ...charge } = CHARGE;

    const byDefault = await billing.createUsageRecord(charge);
    const error = await settled(billing.createUsageRecord({ ...charge, isTest: false }));

    expect(byDefault).toMatchObject({ ok: true, meta: { test: true } });
    expect(error).toMatchObject({ name: "NoActiveUsageLineItemError" });
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("returns", () => {
  test("id", async () => {
    expect((await recordOf()).id).toMatch(/^gid:\/\/shopify\/AppUsageRecord\/\d+$/);
  });

  test("description", async () => {
    expect((await recordOf()).description).toBe("Usage record for product creation");
  });

  test("price.amount, as the decimal string that it is", async () => {
    expect((await recordOf()).price.amount).toBe("1.0");
  });

  test("price.currencyCode", async () => {
    expect((await recordOf()).price.currencyCode).toBe("USD");
  });

  test("idempotencyKey", async () => {
    const record = await recordOf({ ...CHARGE, idempotencyKey: "event-1" });

    expect(record.idempotencyKey).toBe("event-1");
  });

  test("plan, which is subscriptionLineItem", async () => {
    expect((await recordOf()).subscriptionLineItem).toEqual({
      id: "gid://shopify/AppSubscriptionLineItem/1234567890?v=1&index=1",
      plan: {
        pricingDetails: {
          __typename: "AppUsagePricing",
          balanceUsed: { amount: "1.0", currencyCode: "USD" },
          cappedAmount: { amount: "100.0", currencyCode: "USD" },
          interval: "EVERY_30_DAYS",
          terms: "Pay for what you use",
        },
      },
    });
  });
});

describe("errors: a BillingError there", () => {
  test("is user errors in the result, where Shopify refused", async () => {
    const { billing } = await serve();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: 1_000, currencyCode: "USD" },
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [
        { code: "CAPPED_AMOUNT_EXCEEDED", message: "Total price exceeds balance remaining" },
      ],
    });
  });

  test("is a UsageBillingError that is thrown, where there is no answer", async () => {
    const { shop, billing } = await serve();
    shop.setStatus("frozen");

    expect(await settled(billing.createUsageRecord(CHARGE))).toBeInstanceOf(UsageBillingError);
  });
});
