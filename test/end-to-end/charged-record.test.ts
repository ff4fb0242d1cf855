import { describe, expect, test } from "vitest";
import { CHARGE, serveShop, settled, type OwnOptions } from "./served-shop.js";

/** A `fetch` that hands on what Shopify answered, the record of a charge altered on the way. */
function altering(alter: (record: Record<string, unknown>) => object): OwnOptions["fetch"] {
  return async (...request) => {
    const response = await fetch(...request);
    const body = JSON.parse(await response.text(), (key, value: unknown) =>
      key === "appUsageRecord" && typeof value === "object" && value !== null
        ? alter({ ...value })
        : value,
    );
    return new Response(JSON.stringify(body), response);
  };
}

describe("a record with another key than was sent", () => {
  test.each([
    ["order-a1", "order-A1"],
    ["order-1", "order-1 "],
    // One letter, in two ways to write it.
    ["caf\u00e9", "cafe\u0301"],
    ["order-1", ""],
  ])("%j sent, %j returned: a conflict, because keys are compared exactly", async (sent, got) => {
    const { client, lineItemId } = await serveShop();
    const billing = client({ fetch: altering((record) => ({ ...record, idempotencyKey: got })) });

    const error = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        idempotencyKey: sent,
        subscriptionLineItemId: lineItemId,
      }),
    );

    expect(error).toMatchObject({
      name: "IdempotencyConflictError",
      message: expect.stringContaining(`the key ${JSON.stringify(got)}`),
      idempotencyKey: sent,
      certainty: "unknown",
      retryable: false,
      usageRecord: { idempotencyKey: got },
    });
  });

  test("is a conflict in a bulk run, and under a key that the client made up", async () => {
    const { client } = await serveShop();
    const billing = client({
      fetch: altering((record) => ({ ...record, idempotencyKey: "another" })),
    });

    const outcomes: unknown[] = [await settled(billing.createUsageRecord(CHARGE))];
    for await (const { error } of billing.createUsageRecords([
      { ...CHARGE, idempotencyKey: "event-1" },
    ])) {
      outcomes.push(error);
    }

    expect(outcomes).toMatchObject([
      { name: "IdempotencyConflictError" },
      { name: "IdempotencyConflictError" },
    ]);
  });
});

describe("a record without key", () => {
  test.each([
    ["null", (record: object) => ({ ...record, idempotencyKey: null })],
    ["absent", ({ idempotencyKey: _, ...record }: Record<string, unknown>) => record],
  ])("(%s) is a warning and an event: repeating may charge again", async (_, alter) => {
    const { client, events } = await serveShop();
    const billing = client({ fetch: altering(alter) });

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    const warning = {
      source: "usageRecord",
      message: expect.stringContaining('no idempotency key, though "event-1" was sent'),
    };
    expect(result).toMatchObject({ ok: true, meta: { warnings: [warning] } });
    expect(events.filter(({ type }) => type === "warning")).toEqual([
      {
        type: "warning",
        idempotencyKey: "event-1",
        usageRecordId: result.ok && result.usageRecord.id,
        warning,
      },
    ]);
  });
});

describe("a record of another price", () => {
  // A price with three decimals was once billed a thousandfold (reported in 2020).
  const price = { amount: "1.345", currencyCode: "USD" } as const;
  const thousandfold = altering((record) => ({
    ...record,
    price: { amount: "1345.0", currencyCode: "USD" },
  }));

  test("is a warning and an event under a key that the client made up", async () => {
    const { client, events } = await serveShop();

    const result = await client({ fetch: thousandfold }).createUsageRecord({ ...CHARGE, price });

    const message = expect.stringContaining("a price of 1345.0 USD, not 1.345");
    expect(result).toMatchObject({
      ok: true,
      meta: { warnings: [{ source: "usageRecord", message }] },
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "warning", warning: { source: "usageRecord", message } }),
    );
  });

  test("is one of nothing, too, though rounding explains the difference", async () => {
    const { client, lineItemId } = await serveShop();
    const billing = client({
      fetch: altering((record) => ({ ...record, price: { amount: "0.0", currencyCode: "USD" } })),
    });
    const charge = {
      ...CHARGE,
      price: { amount: "0.0099", currencyCode: "USD" },
      subscriptionLineItemId: lineItemId,
    } as const;

    const outcomes = [
      await billing.createUsageRecord(charge),
      await settled(billing.createUsageRecord({ ...charge, idempotencyKey: "event-1" })),
    ];

    const message = expect.stringContaining("a price of 0.0 USD, not 0.0099");
    expect(outcomes).toMatchObject([
      { ok: true, meta: { warnings: [{ source: "usageRecord", message }] } },
      { name: "IdempotencyConflictError", message },
    ]);
  });

  test("is a conflict under a key that the caller gave", async () => {
    const { client } = await serveShop();

    const error = await settled(
      client({ fetch: thousandfold }).createUsageRecord({
        ...CHARGE,
        price,
        idempotencyKey: "event-1",
      }),
    );

    expect(error).toMatchObject({
      name: "IdempotencyConflictError",
      message: expect.stringContaining("never bill again"),
      certainty: "unknown",
    });
    expect(error).toMatchObject({ message: expect.not.stringMatching(/call again|try again/i) });
  });
});

describe("a key that was used on a test subscription", () => {
  const LIVE = { ...CHARGE, idempotencyKey: "event-1", isTest: false } as const;
  const PLAN = { cappedAmount: { amount: 100, currencyCode: "USD" }, status: "ACTIVE" } as const;

  test("is a conflict if the charge must be live: a test charge is never paid", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: { test: true } });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    shop.createSubscription(PLAN);

    const error = await settled(billing.createUsageRecord(LIVE));

    expect(error).toMatchObject({
      name: "IdempotencyConflictError",
      message: expect.stringContaining("not a live subscription's"),
      idempotencyKey: "event-1",
      usageRecord: { id: admin.ledger[0]?.id },
    });
    expect(admin.ledger).toMatchObject([{ test: true }]);
  });

  test("is one in a bulk run too", async () => {
    const { shop, billing } = await serveShop({ subscription: { test: true } });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    shop.createSubscription(PLAN);

    const outcomes = [];
    for await (const outcome of billing.createUsageRecords([LIVE])) outcomes.push(outcome);

    expect(outcomes).toMatchObject([{ error: { name: "IdempotencyConflictError" } }]);
  });

  test("is the same charge while test charges are eligible, and `meta.test` claims nothing", async () => {
    const { shop, billing } = await serveShop({ subscription: { test: true } });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    shop.createSubscription(PLAN);

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(result).toMatchObject({ ok: true, meta: { test: null, warnings: [] } });
  });

  test("is not a conflict if the earlier plan was live as well", async () => {
    const { shop, billing } = await serveShop();
    await billing.createUsageRecord(LIVE);
    shop.createSubscription(PLAN);

    expect(await billing.createUsageRecord(LIVE)).toMatchObject({
      ok: true,
      meta: { test: null, warnings: [] },
    });
  });

  test("is unknown if the earlier plan cannot be read", async () => {
    const { admin, shop, client, billing } = await serveShop({ subscription: { test: true } });
    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });
    shop.createSubscription(PLAN);
    const stop = admin.on("request", ({ operationName }) => {
      if (operationName !== "AppUsageRecordCreate") return;
      stop();
      admin.faults.next("serverErrorBefore");
    });

    const error = await settled(client({ retry: false }).createUsageRecord(LIVE));

    expect(error).toMatchObject({
      name: "ServerError",
      certainty: "unknown",
      idempotencyKey: "event-1",
      attempts: 1,
    });
  });
});

describe("two records of one key", () => {
  const charge = { ...CHARGE, idempotencyKey: "event-1" } as const;
  let number = 0;
  const anew = altering((record) => ({
    ...record,
    id: `gid://shopify/AppUsageRecord/${(number += 1)}`,
  }));

  test("are a warning and an event of the second call, with both ids", async () => {
    const { client, events } = await serveShop();
    const billing = client({ fetch: anew });

    const first = await billing.createUsageRecord(charge);
    const second = await billing.createUsageRecord(charge);

    const ids = [first, second].map((result) => result.ok && result.usageRecord.id);
    expect(first.meta.warnings).toEqual([]);
    expect(second.meta.warnings).toMatchObject([
      { source: "usageRecord", message: expect.stringContaining(ids.join(" and ")) },
    ]);
    expect(events.filter(({ type }) => type === "warning")).toHaveLength(1);
  });

  test("are noticed in a bulk run", async () => {
    const { client } = await serveShop();
    const billing = client({ fetch: anew });
    const warnings: unknown[] = [];

    for await (const { result } of billing.createUsageRecords([charge, charge], {
      concurrency: 1,
    })) {
      warnings.push(result?.meta.warnings.length);
    }

    expect(warnings).toEqual([0, 1]);
  });

  test("are noticed by findUsageRecord, which gives the older one", async () => {
    const { shop, billing, events } = await serveShop();
    shop.addUsageRecords([
      { price: "1.00", idempotencyKey: "event-1", createdAt: "2026-11-21T11:00:00Z" },
      { price: "1.00", idempotencyKey: "event-2", createdAt: "2026-11-21T11:10:00Z" },
      { price: "1.00", idempotencyKey: "event-1", createdAt: "2026-11-21T11:20:00Z" },
    ]);

    const found = await billing.findUsageRecord({
      idempotencyKey: "event-1",
      createdAfter: "2026-11-21T10:00:00Z",
    });

    expect(found).toMatchObject({ createdAt: "2026-11-21T11:00:00Z" });
    expect(events.filter(({ type }) => type === "warning")).toMatchObject([
      {
        idempotencyKey: "event-1",
        warning: { message: expect.stringContaining(String(found?.id)) },
      },
    ]);
  });
});

describe("a price in another currency than the cap's", () => {
  const euros = { ...CHARGE, price: { amount: "1.00", currencyCode: "EUR" } } as const;

  test("is refused after the look-up, before it is sent, with both currencies", async () => {
    const { admin, billing, charges } = await serveShop();

    const error = await settled(billing.createUsageRecord({ ...euros, idempotencyKey: "event-1" }));

    expect(error).toMatchObject({
      name: "InvalidInputError",
      field: "price.currencyCode",
      message: expect.stringMatching(/EUR.*USD/),
      certainty: "notApplied",
      idempotencyKey: "event-1",
      attempts: 0,
    });
    expect(charges()).toHaveLength(0);
    expect(admin.ledger).toHaveLength(0);
  });

  test("is refused for its row of a bulk run alone", async () => {
    const { admin, billing } = await serveShop();
    const outcomes: unknown[] = [];

    for await (const { error, result } of billing.createUsageRecords(
      [
        { ...euros, idempotencyKey: "event-1" },
        { ...CHARGE, idempotencyKey: "event-2" },
      ],
      { concurrency: 1 },
    )) {
      outcomes.push(error ?? result);
    }

    expect(outcomes).toMatchObject([{ field: "price.currencyCode" }, { ok: true }]);
    expect(admin.ledger).toHaveLength(1);
  });

  test("is refused as a new cap, too", async () => {
    const { admin, billing } = await serveShop();

    const error = await settled(
      billing.updateCappedAmount({ cappedAmount: { amount: 200, currencyCode: "CAD" } }),
    );

    expect(error).toMatchObject({
      name: "InvalidInputError",
      field: "cappedAmount.currencyCode",
      message: expect.stringMatching(/CAD.*USD/),
    });
    expect(admin.requests).toHaveLength(1);
  });
});
