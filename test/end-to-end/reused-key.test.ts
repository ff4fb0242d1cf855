import { describe, expect, test, vi } from "vitest";
import { CHARGE, serveShop, settled, skipWaits } from "./served-shop.js";

const HOUR = 3_600_000;

describe("a key that was used for another charge", () => {
  test("of another price is a conflict, with the record that the key belongs to", async () => {
    const { admin, billing, lineItemId } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    const error = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        price: { amount: "2.00", currencyCode: "USD" },
        idempotencyKey: "event-1",
      }),
    );

    const [record] = admin.ledger;
    expect(admin.ledger).toHaveLength(1);
    expect(error).toMatchObject({
      name: "IdempotencyConflictError",
      message: expect.stringContaining(`"event-1" came back with ${record?.id}`),
      idempotencyKey: "event-1",
      attempts: 1,
      requestId: admin.requests.at(-1)?.id,
      usageRecord: {
        id: record?.id,
        price: { amount: "1.0", currencyCode: "USD" },
        subscriptionLineItem: { id: lineItemId },
      },
    });
  });

  test("of another line item than the caller named is a conflict", async () => {
    const { shop, billing, lineItemId } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    const other = shop.createSubscription({
      cappedAmount: { amount: 500, currencyCode: "USD" },
      status: "ACTIVE",
    });

    const error = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        idempotencyKey: "event-1",
        subscriptionLineItemId: other.usageLineItem?.id ?? "",
      }),
    );

    expect(error).toMatchObject({
      name: "IdempotencyConflictError",
      usageRecord: { subscriptionLineItem: { id: lineItemId } },
    });
  });

  test("is not a conflict if the line item was looked up: the plan may have changed since", async () => {
    const { admin, shop, billing } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    shop.createSubscription({
      cappedAmount: { amount: 500, currencyCode: "USD" },
      status: "ACTIVE",
    });

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(result).toMatchObject({ ok: true, usageRecord: { id: admin.ledger[0]?.id } });
  });

  test.each([
    ["1.0049", true],
    ["0.9951", true],
    ["1.01", false],
    ["0.99", false],
  ])("and a price of %s for one of 1.00: rounding alone is no conflict", async (amount, ok) => {
    const { billing } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    const outcome = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        price: { amount, currencyCode: "USD" },
        idempotencyKey: "event-1",
      }),
    );

    expect(outcome).toMatchObject(ok ? { ok } : { name: "IdempotencyConflictError" });
  });

  test("in another currency is a warning: amounts cannot be compared", async () => {
    const { billing, lineItemId } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: "0.90", currencyCode: "EUR" },
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { price: { amount: "1.0", currencyCode: "USD" } },
      meta: {
        warnings: [
          {
            source: "usageRecord",
            message: expect.stringContaining("has a price in USD, not in EUR"),
          },
        ],
      },
    });
  });
});

describe("whether a call that met a conflict can have charged", () => {
  const OTHER = {
    ...CHARGE,
    price: { amount: "2.00", currencyCode: "USD" },
    idempotencyKey: "event-1",
  } as const;

  test("no, if the record is clearly older", async () => {
    const { admin, billing } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    admin.clock.advance(HOUR);

    expect(await settled(billing.createUsageRecord(OTHER))).toMatchObject({
      name: "IdempotencyConflictError",
      certainty: "notApplied",
    });
  });

  test("unknown, if it is not", async () => {
    const { admin, billing } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    admin.clock.advance(30_000); // Within what the clocks of two servers may differ by.

    expect(await settled(billing.createUsageRecord(OTHER))).toMatchObject({
      name: "IdempotencyConflictError",
      certainty: "unknown",
    });
  });

  test("unknown, if it was made during the call, which waited long to be retried", async () => {
    const { admin, billing, client, lineItemId } = await serveShop();
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    const pass = skipWaits();
    vi.spyOn(Math, "random").mockReturnValueOnce(1);
    const patient = client({
      retry: { minDelay: 300_000, maxDelay: 300_000, deadline: 600_000 },
      onEvent: (event) => {
        if (event.type === "retry") admin.clock.advance(event.wait);
        pass(event);
      },
    });
    admin.faults.next("serverErrorBefore");

    const charge = patient.createUsageRecord({ ...OTHER, subscriptionLineItemId: lineItemId });

    expect(await settled(charge)).toMatchObject({
      name: "IdempotencyConflictError",
      certainty: "unknown",
      attempts: 2,
    });
  });

  test("unknown, if the response has no date", async () => {
    const { admin, client } = await serveShop();
    const billing = client({
      fetch: async (...request) => {
        const answer = await fetch(...request);
        return new Response(answer.body, { headers: { "content-type": "application/json" } });
      },
    });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    admin.clock.advance(HOUR);

    expect(await settled(billing.createUsageRecord(OTHER))).toMatchObject({
      name: "IdempotencyConflictError",
      certainty: "unknown",
    });
  });

  test("no, also after a lost attempt, which met the same record", async () => {
    const { admin, client } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    admin.clock.advance(HOUR);
    admin.faults.next("lostAfter", 1, "mutations");

    expect(await settled(billing.createUsageRecord(OTHER))).toMatchObject({
      name: "IdempotencyConflictError",
      certainty: "notApplied",
      attempts: 2,
    });
    expect(admin.ledger).toHaveLength(1);
  });
});
