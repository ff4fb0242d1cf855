import {
  ActiveSubscriptionsDocument,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { describe, expect, test, vi } from "vitest";
import { CHARGE, requestsDone, serveShop, settled, stopTime } from "./served-shop.js";

const NAMED = {
  ...CHARGE,
  idempotencyKey: "event-1",
  subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/7?v=1&index=0",
} as const;
const SHOP = { subscription: { number: 7 } } as const;

describe("retry of one call", () => {
  test("false sends it once, whatever the client does", async () => {
    const { admin, billing } = await serveShop(SHOP);
    admin.faults.next("serverErrorBefore", 3);

    const error = await settled(billing.createUsageRecord(NAMED, { retry: false }));

    expect(error).toMatchObject({ name: "ServerError", attempts: 1 });
    expect(admin.requests).toHaveLength(1);
  });

  test("goes on where the client does not", async () => {
    const { admin, client } = await serveShop(SHOP);
    const billing = client({ retry: false });
    admin.faults.next("serverErrorBefore", 2);

    const result = await billing.createUsageRecord(NAMED, { retry: { minDelay: 0, maxDelay: 1 } });

    expect(result).toMatchObject({ ok: true, meta: { attempts: 3 } });
  });

  test("counts for the look-up of the line item, too", async () => {
    const { admin, billing } = await serveShop(SHOP);
    admin.faults.next("serverErrorBefore", 2);

    const error = await settled(billing.createUsageRecord(CHARGE, { retry: false }));

    expect(error).toMatchObject({ name: "ServerError", certainty: "notApplied" });
    expect(admin.requests).toHaveLength(1);
  });

  test("holds for each page of a connection", async () => {
    const { admin, shop, billing } = await serveShop(SHOP);
    shop.addUsageRecords([{ price: "1.00" }, { price: "1.00" }]);
    const read = async (): Promise<void> => {
      for await (const _ of billing.usageRecords({ pageSize: 1 }, { retry: false })) {
        void _;
        admin.faults.next("serverErrorBefore", 2);
      }
    };

    expect(await settled(read())).toMatchObject({ name: "ServerError", attempts: 1 });
  });

  test("holds for each charge of a bulk run", async () => {
    const { admin, billing } = await serveShop(SHOP);
    admin.faults.next("serverErrorBefore", 2);
    const outcomes: unknown[] = [];

    const source = [NAMED, { ...NAMED, idempotencyKey: "event-2" }];
    for await (const { error } of billing.createUsageRecords(source, { retry: false })) {
      outcomes.push(error);
    }

    expect(outcomes).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });
});

describe("timeout of one call", () => {
  test("ends an attempt sooner than the client's", async () => {
    const { admin, client } = await serveShop(SHOP);
    stopTime();
    const billing = client({ timeout: 100_000 });
    admin.faults.next("noAnswerAfter");
    const call = settled(billing.createUsageRecord(NAMED, { timeout: 30, retry: false }));
    await requestsDone(admin);
    vi.advanceTimersByTime(30);

    expect(await call).toMatchObject({
      name: "TimeoutError",
      message: "No complete response came within 30 ms",
      certainty: "unknown",
    });
  });
});

describe("invalid options of a call are refused before anything is sent", () => {
  type Call = (billing: UsageBillingClient, options: never) => Promise<unknown>;
  const id = "gid://shopify/AppSubscription/1";
  const calls: [string, Call][] = [
    ["createUsageRecord", (billing, options) => billing.createUsageRecord(NAMED, options)],
    [
      "usageRecord",
      (billing, options) => billing.usageRecord("gid://shopify/AppUsageRecord/1", options),
    ],
    [
      "findUsageRecord",
      (billing, options) =>
        billing.findUsageRecord({ idempotencyKey: "a", createdAfter: new Date() }, options),
    ],
    ["activeUsageLineItem", (billing, options) => billing.activeUsageLineItem({}, options)],
    ["subscription", (billing, options) => billing.subscription(id, options)],
    ["cancelSubscription", (billing, options) => billing.cancelSubscription({ id }, options)],
    ["query", (billing, options) => billing.query(ActiveSubscriptionsDocument, {}, options)],
    ["usageRecords", async (billing, options) => billing.usageRecords({}, options)],
    ["subscriptions", async (billing, options) => billing.subscriptions({}, options)],
    ["createUsageRecords", async (billing, options) => billing.createUsageRecords([], options)],
  ];
  const cases: [field: string, options: unknown][] = [
    ["options", null],
    ["options", 5],
    ["options", []],
    ["signal", { signal: {} }],
    ["signal", { signal: null }],
    ["timeout", { timeout: 0 }],
    ["timeout", { timeout: "5" }],
    ["retry", { retry: true }],
    ["retry.attempts", { retry: { attempts: 0 } }],
    ["timeuot", { timeuot: 5 }],
  ];

  test.each(calls)("%s", async (_, call) => {
    const { admin, billing } = await serveShop(SHOP);

    for (const [field, options] of cases) {
      expect(await settled(call(billing, options as never)), field).toMatchObject({
        name: "InvalidInputError",
        field,
        certainty: "notApplied",
      });
    }
    expect(admin.requests).toHaveLength(0);
  });

  test("a source that is not an iterable is refused, and so is text", async () => {
    const { billing } = await serveShop();
    for (const source of ["ab", 5, null, {}]) {
      expect(() => billing.createUsageRecords(source as never)).toThrow(/^inputs must be/);
    }
  });

  test("an AbortController can be passed instead of its signal", async () => {
    const { billing } = await serveShop(SHOP);
    const controller = new AbortController();
    controller.abort("enough");

    expect(await settled(billing.createUsageRecord(NAMED, controller))).toMatchObject({
      name: "AbortedError",
      cause: "enough",
    });
  });
});
