// Document 003: the object `AppUsageRecord` of Admin API 2025-01.

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { parse } from "graphql";
import type { UsageRecord } from "shopify-usage-billing/2026-10";
import { describe, expect, test } from "vitest";
import { CHARGE, serveShop, settled, type ServedShop } from "../end-to-end/served-shop.js";

/** Charges and returns the record. */
async function charged(): Promise<ServedShop & { readonly record: UsageRecord }> {
  const served = await serveShop();
  const result = await served.billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
  if (!result.ok) throw new Error(result.userErrors[0].message);
  return { ...served, record: result.usageRecord };
}

describe("fields", () => {
  test("createdAt", async () => {
    expect((await charged()).record.createdAt).toBe("2026-11-21T12:00:00Z");
  });

  test("description", async () => {
    expect((await charged()).record.description).toBe("1000 emails");
  });

  test("id", async () => {
    const { admin, record } = await charged();

    expect(record.id).toBe(admin.ledger[0]?.id);
  });

  test("idempotencyKey", async () => {
    expect((await charged()).record.idempotencyKey).toBe("event-1");
  });

  test("idempotencyKey, null where a charge was made without one", async () => {
    const { shop, billing } = await serveShop();
    const [record] = shop.addUsageRecords([{ price: 1 }]);

    expect(await billing.usageRecord(record?.id ?? "")).toMatchObject({ idempotencyKey: null });
  });

  test("price", async () => {
    expect((await charged()).record.price).toEqual({ amount: "1.0", currencyCode: "USD" });
  });

  test("subscriptionLineItem, the usage pricing plan the merchant is subscribed to", async () => {
    const { record, lineItemId } = await charged();

    expect(record.subscriptionLineItem).toEqual({
      id: lineItemId,
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

describe("map", () => {
  test("AppSubscriptionLineItem.usageRecords, by AppUsageRecordConnection.nodes", async () => {
    const { billing, record } = await charged();
    const records: UsageRecord[] = [];

    for await (const each of billing.usageRecords()) records.push(each);

    expect(records).toEqual([record]);
  });

  test("AppUsageRecordEdge.node, by an app's own document", async () => {
    const { billing, record } = await charged();
    const edges: TypedDocumentNode<
      {
        currentAppInstallation: {
          activeSubscriptions: {
            lineItems: { usageRecords: { edges: { cursor: string; node: { id: string } }[] } }[];
          }[];
        };
      },
      Record<string, never>
    > = parse(`{
      currentAppInstallation {
        activeSubscriptions {
          lineItems { usageRecords(first: 1) { edges { cursor node { id } } } }
        }
      }
    }`);

    const { currentAppInstallation } = await billing.query(edges, {});

    expect(currentAppInstallation.activeSubscriptions).toEqual([
      {
        lineItems: [
          { usageRecords: { edges: [{ cursor: expect.any(String), node: { id: record.id } }] } },
        ],
      },
    ]);
  });

  test("appUsageRecordCreate, by createUsageRecord", async () => {
    const { admin } = await charged();

    expect(admin.requests.at(-1)?.rootFields).toEqual(["appUsageRecordCreate"]);
  });

  test("Node, by usageRecord", async () => {
    const { admin, billing, record } = await charged();

    expect(await billing.usageRecord(record.id)).toEqual(record);
    expect(admin.requests.at(-1)?.rootFields).toEqual(["node"]);
  });
});

describe("requirements", () => {
  test("the staff member must have permission to manage app billing", async () => {
    const { billing, admin } = await serveShop({ shop: { mayManageBilling: false } });

    expect(await settled(billing.createUsageRecord(CHARGE))).toMatchObject({
      name: "AccessDeniedError",
      certainty: "notApplied",
    });
    expect(admin.ledger).toHaveLength(0);
  });

  test("the optional idempotencyKey prevents duplicate charges of the same request", async () => {
    const { admin, billing, record } = await charged();

    const again = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(again).toMatchObject({ ok: true, usageRecord: { id: record.id } });
    expect(admin.ledger).toHaveLength(1);
  });

  test("a charge that would exceed the capped amount in the interval returns an error", async () => {
    const { admin, billing } = await charged();
    const charge = { ...CHARGE, price: { amount: "99.50", currencyCode: "USD" } } as const;

    const refused = await billing.createUsageRecord(charge);
    admin.clock.advance(30 * 24 * 3_600_000);
    const later = await billing.createUsageRecord(charge);

    expect(refused).toMatchObject({ ok: false, userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }] });
    expect(later.ok).toBe(true);
  });
});
