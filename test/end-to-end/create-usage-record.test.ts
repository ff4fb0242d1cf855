import { createUsageBillingClient as createDefaultClient } from "shopify-usage-billing";
import { describe, expect, test } from "vitest";
import { CHARGE, serveShop, settled, SHOP, skipWaits, TOKEN } from "./served-shop.js";

describe("the charge", () => {
  test("of a named line item", async () => {
    const { admin, billing, lineItemId } = await serveShop();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId,
    });

    const [record] = admin.ledger;
    expect(admin.ledger).toHaveLength(1);
    expect(record?.attempts).toEqual([result.meta.requestId]);
    expect(result).toEqual({
      ok: true,
      usageRecord: {
        id: record?.id,
        createdAt: "2026-11-21T12:00:00Z",
        description: "1000 emails",
        idempotencyKey: "event-1",
        price: { amount: "1.0", currencyCode: "USD" },
        subscriptionLineItem: {
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
        },
      },
      meta: {
        requestId: admin.requests[0]?.id,
        attempts: 1,
        idempotencyKey: "event-1",
        apiVersion: { requested: "2026-10", served: "2026-10" },
        cost: {
          requested: 13,
          actual: 13,
          throttle: { maximumAvailable: 2000, currentlyAvailable: 1987, restoreRate: 100 },
        },
        test: null,
        warnings: [],
      },
    });
  });

  test("of the active usage line item, which is looked up", async () => {
    const { admin, billing, lineItemId } = await serveShop();

    const result = await billing.createUsageRecord(CHARGE);

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { subscriptionLineItem: { id: lineItemId } },
      meta: { attempts: 1, test: false },
    });
    expect(admin.requests.map(({ operationName }) => operationName)).toEqual([
      "ActiveSubscriptions",
      "AppUsageRecordCreate",
    ]);
  });

  test("of a usage line item beside a recurring one", async () => {
    const { billing, lineItemId } = await serveShop({
      subscription: { recurring: { price: { amount: 10, currencyCode: "USD" } } },
    });

    const result = await billing.createUsageRecord(CHARGE);

    expect(lineItemId).toMatch(/\?v=1&index=1$/);
    expect(result).toMatchObject({ usageRecord: { subscriptionLineItem: { id: lineItemId } } });
  });

  test("of a line item whose id lacks ?v=1&index=…", async () => {
    const { billing, lineItemId } = await serveShop();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId.replace(/\?.*/, ""),
    });

    expect(result).toMatchObject({ usageRecord: { subscriptionLineItem: { id: lineItemId } } });
  });

  test("by the main entry, whose version a newer one may serve", async () => {
    const { admin, endpoint } = await serveShop({ simulator: { supportedVersions: ["2026-10"] } });
    const billing = createDefaultClient({
      shop: SHOP,
      accessToken: TOKEN,
      endpoint: endpoint.replace("2026-10", "2025-01"),
    });

    const result = await billing.createUsageRecord(CHARGE);

    expect(result.meta.apiVersion).toEqual({ requested: "2025-01", served: "2026-10" });
    expect(admin.ledger).toHaveLength(1);
  });

  test("with methods that need no `this`", async () => {
    const { admin, billing } = await serveShop();
    const { createUsageRecord } = billing;

    await createUsageRecord(CHARGE);

    expect(admin.ledger).toHaveLength(1);
  });
});

describe("test subscriptions", () => {
  test("are charged by default, and reported", async () => {
    const { admin, billing } = await serveShop({ subscription: { test: true } });

    const result = await billing.createUsageRecord(CHARGE);

    expect(result.meta.test).toBe(true);
    expect(admin.ledger).toMatchObject([{ test: true }]);
  });

  test("are not with isTest: false", async () => {
    const { admin, billing } = await serveShop({ subscription: { name: "Pro", test: true } });

    const error = await settled(billing.createUsageRecord({ ...CHARGE, isTest: false }));

    expect(error).toMatchObject({
      name: "NoActiveUsageLineItemError",
      message: expect.stringMatching(/"Pro" \(test, usage line item\).*isTest: true/),
    });
    expect(admin.ledger).toHaveLength(0);
  });

  test("live subscriptions are charged with isTest: false too", async () => {
    const { admin, billing } = await serveShop();

    await billing.createUsageRecord({ ...CHARGE, isTest: false });

    expect(admin.ledger).toMatchObject([{ test: false }]);
  });
});

describe("NoActiveUsageLineItemError", () => {
  test.each(["PENDING", "DECLINED", "EXPIRED", "FROZEN", "CANCELLED"] as const)(
    "where the only subscription is %s",
    async (status) => {
      const { billing, admin } = await serveShop({ subscription: { status } });

      const error = await settled(
        billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" }),
      );

      expect(error).toMatchObject({
        name: "NoActiveUsageLineItemError",
        message: "No active usage line item: the app has no active subscription in this shop",
        certainty: "notApplied",
        idempotencyKey: "event-1",
        attempts: 0,
      });
      expect(admin.requests).toHaveLength(1);
    },
  );

  test("says what line items there are instead", async () => {
    const { shop, billing } = await serveShop();
    const other = shop.createSubscription({
      name: "Basic",
      recurring: { price: { amount: 10, currencyCode: "USD" } },
    });
    shop.approve(other.id);

    const error = await settled(billing.createUsageRecord(CHARGE));

    expect(error).toMatchObject({
      message:
        'No active usage line item: the active subscriptions are "Basic" (recurring line item)',
    });
  });
});

describe("the idempotency key", () => {
  test("that the caller gave is sent", async () => {
    const { admin, billing } = await serveShop();

    await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(admin.ledger).toMatchObject([{ idempotencyKey: "event-1" }]);
  });

  test("that the client generated is sent, and is reported", async () => {
    const { admin, billing } = await serveShop();

    const results = [
      await billing.createUsageRecord(CHARGE),
      await billing.createUsageRecord(CHARGE),
    ];

    const [first, second] = admin.ledger;
    expect(results.map(({ meta }) => meta.idempotencyKey)).toEqual([
      first?.idempotencyKey,
      second?.idempotencyKey,
    ]);
    expect(first?.idempotencyKey).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(first?.idempotencyKey).not.toBe(second?.idempotencyKey);
  });

  test("may be a getter of the app's own class, as every field may", async () => {
    const { admin, billing } = await serveShop();
    class Order {
      readonly #id = 1;
      readonly description = CHARGE.description;
      readonly price = CHARGE.price;
      get idempotencyKey(): string {
        return `order-${this.#id}`;
      }
    }

    await billing.createUsageRecord(new Order());
    for await (const { result } of billing.createUsageRecords([new Order()])) {
      expect(result).toMatchObject({ ok: true, meta: { idempotencyKey: "order-1" } });
    }

    expect(admin.ledger).toMatchObject([{ idempotencyKey: "order-1" }]);
  });

  test("is not what every object inherits: a polluted Object.prototype changes nothing", async () => {
    const { admin, billing } = await serveShop();
    const polluted = { idempotencyKey: "of everybody", isTest: false };
    Object.assign(Object.prototype, polluted);

    const outcomes: unknown[] = [];
    try {
      await billing.createUsageRecord({ ...CHARGE });
      await billing.createUsageRecord({ ...CHARGE });
      const keyless = [{ ...CHARGE }] as never[];
      for await (const outcome of billing.createUsageRecords(keyless)) outcomes.push(outcome);
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }

    expect(outcomes).toMatchObject([{ error: { field: "idempotencyKey" } }]);
    expect(admin.ledger).toHaveLength(2);
    expect(admin.ledger[0]?.idempotencyKey).not.toBe("of everybody");
  });

  test("makes a repeated call give the same record", async () => {
    const { admin, client, billing } = await serveShop();
    const charge = { ...CHARGE, idempotencyKey: "event-1" };

    const first = await billing.createUsageRecord(charge);
    const second = await client().createUsageRecord(charge);

    expect(admin.ledger).toHaveLength(1);
    expect(second).toMatchObject({
      ok: true,
      usageRecord: { id: first.ok && first.usageRecord.id },
      meta: { warnings: [] },
    });
  });
});

describe("what Shopify refuses", () => {
  test.each([
    {
      code: "CAPPED_AMOUNT_EXCEEDED",
      message: "Total price exceeds balance remaining",
      field: null,
      charge: { price: { amount: "100.01", currencyCode: "USD" } },
    },
    {
      code: "CHARGE_FAILED",
      message: "Failed to create usage charge",
      field: null,
      options: { simulator: { cappedAmountMessage: "example" } },
      charge: { price: { amount: "100.01", currencyCode: "USD" } },
    },
    {
      code: "IDEMPOTENCY_KEY_TOO_LONG",
      message: "Idempotency key exceeds the maximum length.",
      field: ["idempotencyKey"],
      charge: { idempotencyKey: "x".repeat(256) },
    },
    {
      code: "LINE_ITEM_NOT_FOUND",
      message: "Invalid id",
      field: ["subscriptionLineItemId"],
      charge: { subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/404?v=1&index=0" },
    },
    {
      code: "SUBSCRIPTION_NOT_ACTIVE",
      message: "Subscription is not active",
      field: null,
      options: { subscription: { status: "FROZEN" } },
    },
    {
      code: "BILLING_NOT_ALLOWED",
      message: "Custom apps cannot use the Billing API",
      field: null,
      options: { shop: { distribution: "custom" } },
    },
    {
      code: "BILLING_NOT_ALLOWED",
      message: "Apps without a public distribution cannot use the Billing API",
      field: null,
      options: { shop: { distribution: "undistributed" } },
    },
    {
      code: "BILLING_NOT_ALLOWED",
      message: "Managed Pricing Apps cannot use the Billing API (to create charges).",
      field: null,
      options: { shop: { distribution: "managedPricing" } },
    },
    {
      code: "UNKNOWN",
      message: "Subscription line item must have a usage pricing plan",
      field: ["subscriptionLineItemId"],
      options: {
        subscription: { number: 7, recurring: { price: { amount: 10, currencyCode: "USD" } } },
      },
      charge: { subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/7?v=1&index=0" },
    },
  ] as const)("$code: $message", async ({ code, message, field, ...given }) => {
    const { admin, billing, lineItemId } = await serveShop("options" in given ? given.options : {});

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
      ...("charge" in given && given.charge),
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code, message, field }],
      certainty: "notApplied",
      retryable: false,
      retryAfter: null,
      meta: {
        requestId: admin.requests[0]?.id,
        attempts: 1,
        idempotencyKey: expect.any(String),
        apiVersion: { requested: "2026-10", served: "2026-10" },
        cost: { requested: 13, actual: 10 },
        warnings: [],
      },
    });
    expect(admin.ledger).toHaveLength(0);
  });

  test("IDEMPOTENCY_KEY_IN_USE: another request with the key may be charging", async () => {
    const { shop, client, lineItemId } = await serveShop();
    shop.holdIdempotencyKey("event-1");

    const result = await client({ retry: false }).createUsageRecord({
      ...CHARGE,
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId,
    });

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
      retryable: true,
      retryAfter: null,
    });
  });

  test.each([
    ["successes", { ok: true }],
    // Then only a new key charges, once the cap was raised.
    ["all", { ok: false, userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }] }],
  ] as const)("asked again with its key where %s are replayed", async (replay, again) => {
    const { shop, subscription, billing } = await serveShop({ simulator: { replay } });
    const charge = {
      ...CHARGE,
      price: { amount: "150.00", currencyCode: "USD" },
      idempotencyKey: "event-1",
    } as const;
    await billing.createUsageRecord(charge);
    const cap = await billing.updateCappedAmount({
      cappedAmount: { amount: "200.00", currencyCode: "USD" },
    });
    shop.approve(subscription.id);

    expect(cap.ok).toBe(true);
    expect(await billing.createUsageRecord(charge)).toMatchObject(again);
  });
});

describe("a call that fails", () => {
  test.each([
    ["frozen", "ShopUnavailableError", 402],
    ["forbidden", "AccessDeniedError", 403],
    ["closed", "ShopUnavailableError", 404],
    ["locked", "ShopUnavailableError", 423],
  ] as const)("a %s shop is a %s (%i)", async (status, name, code) => {
    const { admin, billing, lineItemId } = await serveShop({ shop: { status } });

    const error = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(error).toMatchObject({
      name,
      status: code,
      certainty: "notApplied",
      attempts: 1,
      requestId: admin.requests[0]?.id,
      body: expect.stringContaining("errors"),
    });
  });

  test("a wrong token is an AuthenticationError", async () => {
    const { client } = await serveShop();

    const error = await settled(
      client({ accessToken: "shpat_wrong" }).createUsageRecord({
        ...CHARGE,
        idempotencyKey: "event-1",
      }),
    );

    expect(error).toMatchObject({
      name: "AuthenticationError",
      status: 401,
      certainty: "notApplied",
      idempotencyKey: "event-1",
      body: expect.stringContaining("Invalid API key or access token"),
    });
  });

  test("a staff member who may not bill is an AccessDeniedError", async () => {
    const { billing } = await serveShop({ shop: { mayManageBilling: false } });

    const error = await settled(billing.createUsageRecord(CHARGE));

    expect(error).toMatchObject({
      name: "AccessDeniedError",
      status: 200,
      certainty: "notApplied",
      attempts: 1,
    });
  });
});

describe("amounts are exact from end to end", () => {
  test.each([
    ["1", "1.0"],
    ["1.00", "1.0"],
    ["12.50", "12.5"],
    ["0.01", "0.01"],
    ["9007199254740993.01", "9007199254740993.01"],
    [1, "1.0"],
    [12.5, "12.5"],
    [0.1, "0.1"],
    [1e21, "1000000000000000000000.0"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991.0"],
  ])("%s", async (amount, printed) => {
    const { admin, billing } = await serveShop({
      subscription: { cappedAmount: { amount: `1${"0".repeat(30)}`, currencyCode: "USD" } },
    });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount, currencyCode: "USD" },
      idempotencyKey: "event-1",
    });

    expect(result).toMatchObject({ ok: true, usageRecord: { price: { amount: printed } } });
    expect(admin.ledger).toMatchObject([{ price: { amount: printed, currencyCode: "USD" } }]);
  });

  test.each([
    ["1.10", "1.10"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e-7, "0.0000001"],
  ])("%s is sent as %s", async (amount, sent) => {
    const { admin, billing, lineItemId } = await serveShop();

    await billing.createUsageRecord({
      ...CHARGE,
      price: { amount, currencyCode: "USD" },
      subscriptionLineItemId: lineItemId,
    });

    expect(admin.requests[0]?.variables["price"]).toEqual({ amount: sent, currencyCode: "USD" });
  });
});

describe("a plan that changes between look-up and charge", () => {
  /** The merchant does something as soon as the line item was looked up. */
  async function shopThatChanges(options: Parameters<typeof serveShop>[0] = {}) {
    const served = await serveShop(options);
    const change = (run: () => void): void => {
      const stop = served.admin.on("request", () => {
        stop();
        run();
      });
    };
    return { ...served, change };
  }

  const PLAN = { cappedAmount: { amount: 500, currencyCode: "USD" } };

  test("is looked up again, and the new line item charged", async () => {
    const { admin, shop, billing, change } = await shopThatChanges();
    const bigger = shop.createSubscription({ ...PLAN, test: true });
    change(() => shop.approve(bigger.id));

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { subscriptionLineItem: { id: bigger.usageLineItem?.id } },
      meta: { test: true, idempotencyKey: "event-1" },
    });
    expect(admin.ledger).toMatchObject([{ subscriptionLineItemId: bigger.usageLineItem?.id }]);
    expect(admin.requests).toHaveLength(4);
  });

  test("is an error if there is none left", async () => {
    const { admin, shop, subscription, billing, change } = await shopThatChanges();
    change(() => shop.cancel(subscription.id));

    const error = await settled(billing.createUsageRecord(CHARGE));

    expect(error).toMatchObject({ name: "NoActiveUsageLineItemError", certainty: "notApplied" });
    expect(admin.ledger).toHaveLength(0);
  });

  test("does not charge again if an attempt may have charged the old one", async () => {
    const { admin, shop, client, change } = await shopThatChanges();
    const billing = client({ onEvent: skipWaits() });
    const bigger = shop.createSubscription(PLAN);
    change(() => shop.approve(bigger.id));
    admin.faults.next("lostAfter", 1, "mutations");

    const result = await billing.createUsageRecord(CHARGE);

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "SUBSCRIPTION_NOT_ACTIVE" }],
      certainty: "unknown",
    });
    expect(admin.requests).toHaveLength(3);
  });

  test("of a named line item is the caller's to handle", async () => {
    const { shop, billing, lineItemId } = await serveShop();
    shop.approve(shop.createSubscription(PLAN).id);

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "SUBSCRIPTION_NOT_ACTIVE" }],
      certainty: "notApplied",
    });
  });
});
