// Document 001: the mutation `appUsageRecordCreate` of Admin API 2025-01, by our client.
// The raw bodies of its examples are tested in test/seeds.

import {
  createUsageBillingClient,
  type CreateUsageRecordInput,
  type CreateUsageRecordResult,
} from "shopify-usage-billing/2025-01";
import {
  createAdminSimulator,
  documentedExamples,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
} from "shopify-usage-billing/testing";
import { describe, expect, onTestFinished, test } from "vitest";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=1";

/** The input of the document's examples. */
const INPUT = {
  subscriptionLineItemId: LINE_ITEM,
  price: { amount: 1.0, currencyCode: "USD" },
  description: "Super Mega Plan 1000 emails",
} as const;

interface Charged {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly result: CreateUsageRecordResult;
}

/** Charges the shop of the document's examples over HTTP. */
async function charge(
  input: Partial<CreateUsageRecordInput> = {},
  options: AdminSimulatorOptions = {},
): Promise<Charged> {
  const admin = createAdminSimulator(options);
  const shop = documentedExamples(admin, { accessToken: "shpat_example" });
  const listener = await admin.listen();
  onTestFinished(listener.close);
  const billing = createUsageBillingClient({
    shop: "your-development-store.myshopify.com",
    accessToken: "shpat_example",
    endpoint: listener.endpoint("2025-01"),
    retry: false,
  });
  const result = await billing.createUsageRecord({ ...INPUT, ...input });
  return { admin, shop, result };
}

describe("description", () => {
  test("The usage charge value is counted towards the cappedAmount limit", async () => {
    const { result } = await charge();

    // 20.00 were used before.
    expect(result).toMatchObject({
      usageRecord: {
        subscriptionLineItem: {
          plan: {
            pricingDetails: {
              balanceUsed: { amount: "21.0", currencyCode: "USD" },
              cappedAmount: { amount: "100.0", currencyCode: "USD" },
            },
          },
        },
      },
    });
  });

  test("Total price exceeds balance remaining, above the capped amount", async () => {
    const { admin, result } = await charge({ price: { amount: "80.01", currencyCode: "USD" } });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [
        {
          code: "CAPPED_AMOUNT_EXCEEDED",
          field: null,
          message: "Total price exceeds balance remaining",
        },
      ],
    });
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("arguments", () => {
  test("description", async () => {
    const { admin } = await charge({ description: "2000 emails" });

    expect(admin.ledger.at(-1)).toMatchObject({ description: "2000 emails" });
  });

  test("idempotencyKey", async () => {
    const { admin } = await charge({ idempotencyKey: "event-1" });

    expect(admin.ledger.at(-1)).toMatchObject({ idempotencyKey: "event-1" });
  });

  test("idempotencyKey of at most 255 characters", async () => {
    const { result } = await charge({ idempotencyKey: "*".repeat(255) });

    expect(result.ok).toBe(true);
  });

  test("price", async () => {
    const { admin } = await charge({ price: { amount: "12.50", currencyCode: "USD" } });

    expect(admin.ledger.at(-1)).toMatchObject({ price: { amount: "12.5", currencyCode: "USD" } });
  });

  test("subscriptionLineItemId", async () => {
    const { admin } = await charge({ subscriptionLineItemId: LINE_ITEM });

    expect(admin.ledger.at(-1)).toMatchObject({ subscriptionLineItemId: LINE_ITEM });
  });

  test("subscriptionLineItemId must have a usage pricing plan", async () => {
    const recurring = LINE_ITEM.replace("index=1", "index=0");
    const { admin, result } = await charge({ subscriptionLineItemId: recurring });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "UNKNOWN", field: ["subscriptionLineItemId"] }],
    });
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("returns", () => {
  test("appUsageRecord, the newly created app usage record", async () => {
    const { admin, result } = await charge();

    expect(result).toMatchObject({ ok: true, usageRecord: { id: admin.ledger.at(-1)?.id } });
  });

  test("userErrors, the list of errors that occurred", async () => {
    const { result } = await charge({ idempotencyKey: "*".repeat(256) });

    expect(result).toMatchObject({ ok: false, userErrors: [{ field: ["idempotencyKey"] }] });
  });
});

describe("examples", () => {
  test("Creates a usage charge", async () => {
    const { result } = await charge();

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { id: "gid://shopify/AppUsageRecord/1034618209" },
    });
  });

  test("Creating a usage record above the capped amount returns an error", async () => {
    const { result } = await charge(
      { price: { amount: 100.0, currencyCode: "USD" } },
      { cappedAmountMessage: "example" },
    );

    expect(result).toMatchObject({
      ok: false,
      userErrors: [
        { code: "CHARGE_FAILED", field: null, message: "Failed to create usage charge" },
      ],
    });
  });

  test("Creating usage record with idempotency key exceeding 255 characters results in an error.", async () => {
    const { result } = await charge({ idempotencyKey: "*".repeat(256) });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [
        {
          code: "IDEMPOTENCY_KEY_TOO_LONG",
          field: ["idempotencyKey"],
          message: "Idempotency key exceeds the maximum length.",
        },
      ],
    });
  });

  test("Creating usage record with idempotency key returns an error when another request for the same shop, app, idempotency key is in progress", async () => {
    const { result } = await charge({ idempotencyKey: "Some idempotency key" });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [
        {
          code: "IDEMPOTENCY_KEY_IN_USE",
          field: ["idempotencyKey"],
          message:
            "Another request for the same idempotency key is being processed. Please try again.",
        },
      ],
      certainty: "unknown",
    });
  });
});
