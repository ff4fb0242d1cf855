// Document 002: the older page of `appUsageRecordCreate`. Its `placeholder` values and its base64
// id are the page's own placeholders, not values to accept.

import { describe, expect, test } from "vitest";
import { CHARGE, serveShop, settled } from "../end-to-end/served-shop.js";

describe("arguments", () => {
  test("description, required", async () => {
    const { admin, billing } = await serveShop();

    await billing.createUsageRecord({ ...CHARGE, description: "1000 emails" });
    const error = await settled(billing.createUsageRecord({ ...CHARGE, description: "" }));

    expect(admin.ledger).toMatchObject([{ description: "1000 emails" }]);
    expect(error).toMatchObject({ name: "InvalidInputError", field: "description" });
  });

  test("price, required", async () => {
    const { admin, billing } = await serveShop();
    const { price: _, ...charge } = CHARGE;

    await billing.createUsageRecord(CHARGE);
    // @ts-expect-error -- its types refuse it too
    const error = await settled(billing.createUsageRecord(charge));

    expect(admin.ledger).toMatchObject([{ price: { amount: "1.0", currencyCode: "USD" } }]);
    expect(error).toMatchObject({ name: "InvalidInputError", field: "price" });
  });

  test("subscriptionLineItemId, required there; looked up here where it is absent", async () => {
    const { admin, billing, lineItemId } = await serveShop();

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });
    await billing.createUsageRecord(CHARGE);

    expect(admin.ledger).toMatchObject([
      { subscriptionLineItemId: lineItemId },
      { subscriptionLineItemId: lineItemId },
    ]);
  });

  test("its placeholder id is invalid", async () => {
    const { billing } = await serveShop();

    expect(
      await settled(
        billing.createUsageRecord({
          ...CHARGE,
          subscriptionLineItemId: "Z2lkOi8vU2hvcGlmeS9FeGFtcGxlLzE=",
        }),
      ),
    ).toMatchObject({ name: "InvalidInputError", field: "subscriptionLineItemId" });
  });
});

describe("MoneyInput fields", () => {
  test("amount, required", async () => {
    const { admin, billing } = await serveShop();
    const price = { amount: "0.05", currencyCode: "USD" } as const;

    await billing.createUsageRecord({ ...CHARGE, price });
    const error = await settled(
      billing.createUsageRecord({ ...CHARGE, price: { ...price, amount: "placeholder" } }),
    );

    expect(admin.ledger).toMatchObject([{ price: { amount: "0.05" } }]);
    expect(error).toMatchObject({ name: "InvalidInputError", field: "price.amount" });
  });

  test("currencyCode, required: USD", async () => {
    const { admin, billing } = await serveShop();

    await billing.createUsageRecord({ ...CHARGE, price: { amount: 1, currencyCode: "USD" } });
    const error = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        // @ts-expect-error -- its types refuse it too
        price: { amount: 1, currencyCode: "placeholder" },
      }),
    );

    expect(admin.ledger).toMatchObject([{ price: { currencyCode: "USD" } }]);
    expect(error).toMatchObject({ name: "InvalidInputError", field: "price.currencyCode" });
  });

  test("currencyCode: another than the subscription's is refused", async () => {
    const { admin, billing, lineItemId } = await serveShop();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: 1, currencyCode: "EUR" },
      subscriptionLineItemId: lineItemId,
    });

    expect(result.ok).toBe(false);
    expect(admin.ledger).toHaveLength(0);
  });
});

describe("return fields", () => {
  test("appUsageRecord", async () => {
    const { admin, billing } = await serveShop();

    const result = await billing.createUsageRecord(CHARGE);

    expect(result).toMatchObject({ ok: true, usageRecord: { id: admin.ledger[0]?.id } });
  });

  test("userErrors", async () => {
    const { billing } = await serveShop();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: 1_000, currencyCode: "USD" },
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ field: null, message: "Total price exceeds balance remaining" }],
    });
  });
});
