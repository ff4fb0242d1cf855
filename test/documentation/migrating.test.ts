/** What docs/migrating-from-shopify-api.md says of `@shopify/shopify-api` 15, each by running it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import "@shopify/shopify-api/adapters/web-api";
import {
  ApiVersion,
  BillingError,
  BillingInterval,
  GraphqlQueryError,
  HttpRequestError,
  LogSeverity,
  Session,
  shopifyApi,
} from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { root } from "./page.js";

const SHOP = { shop: "example.myshopify.com", accessToken: "shpat_test" };

const shopify = shopifyApi({
  apiKey: "key",
  apiSecretKey: "secret",
  hostName: "app.example",
  apiVersion: ApiVersion.July26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
  billing: {
    "Emails by use": {
      lineItems: [
        {
          interval: BillingInterval.Usage,
          amount: 100,
          currencyCode: "USD",
          terms: "1 USD a 1000",
        },
        { interval: BillingInterval.Every30Days, amount: 10, currencyCode: "USD" },
      ],
    },
    Setup: { interval: BillingInterval.OneTime, amount: 5, currencyCode: "USD" },
  },
});
const session = new Session({ id: "offline", state: "", isOnline: false, ...SHOP });
const theirs = {
  session,
  description: "1000 emails",
  price: { amount: 1, currencyCode: "USD" },
};

let admin = createAdminSimulator();
let shop = admin.addShop(SHOP);

beforeEach(() => {
  admin = createAdminSimulator();
  shop = admin.addShop(SHOP);
  setAbstractFetchFunc(admin.fetch);
});

function subscribe(amount = "100.00"): void {
  shop.createSubscription({ cappedAmount: { amount, currencyCode: "USD" }, status: "ACTIVE" });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

it("speaks of this version", () => {
  const manifest = join(root, "node_modules/@shopify/shopify-api/package.json");
  expect(JSON.parse(readFileSync(manifest, "utf8"))).toHaveProperty("version", "15.0.0");
  expect(Object.keys(shopify.billing)).toEqual([
    "check",
    "request",
    "cancel",
    "subscriptions",
    "createUsageRecord",
    "updateUsageCappedAmount",
  ]);
});

describe("createUsageRecord", () => {
  it("puts the idempotency key among the variables, and never passes it on", async () => {
    subscribe();
    const keyed = { ...theirs, idempotencyKey: "event-1" };
    const record = await shopify.billing.createUsageRecord(keyed);
    await shopify.billing.createUsageRecord(keyed);
    expect(admin.requests.at(-1)?.variables).toMatchObject({ idempotencyKey: "event-1" });
    expect(record.idempotencyKey).toBeNull();
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).toEqual([null, null]);
  });

  it("leaves no key behind that a later charge could meet", async () => {
    subscribe();
    await shopify.billing.createUsageRecord({ ...theirs, idempotencyKey: "event-1" });
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    const price = { amount: "1.00", currencyCode: "USD" } as const;
    await billing.createUsageRecord({ description: "x", price, idempotencyKey: "event-1" });
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).toEqual([null, "event-1"]);
  });

  it("does not retry a lost charge; if the app does, it charges twice", async () => {
    subscribe();
    admin.faults.next("lostAfter", 1, "mutations");
    const keyed = { ...theirs, idempotencyKey: "event-1" };
    const error = await failureOf(shopify.billing.createUsageRecord(keyed));
    expect(error).toBeInstanceOf(HttpRequestError);
    await shopify.billing.createUsageRecord(keyed);
    expect(admin.ledger).toHaveLength(2);
  });

  it("makes floats of balance and cap, and leaves the price a string that is typed a number", async () => {
    subscribe("9007199254740993.01");
    const { price, subscriptionLineItem } = await shopify.billing.createUsageRecord(theirs);
    expect(subscriptionLineItem.plan.pricingDetails).toMatchObject({
      balanceUsed: { amount: 1 },
      cappedAmount: { amount: 9007199254740994 },
    });
    expect(price.amount).toBe("1.0");
  });

  it("types a plan that it never asks for, and asks for no createdAt and no interval", async () => {
    subscribe();
    const record = await shopify.billing.createUsageRecord(theirs);
    expect(record.plan).toBeUndefined();
    expect(record).not.toHaveProperty("createdAt");
    expect(record.subscriptionLineItem.plan.pricingDetails).not.toHaveProperty("interval");
  });

  it("reports user errors in errorData", async () => {
    subscribe();
    const price = { amount: 101, currencyCode: "USD" };
    const error = await failureOf(shopify.billing.createUsageRecord({ ...theirs, price }));
    expect(error).toBeInstanceOf(BillingError);
    expect(error).toMatchObject({
      message: "Error while creating a usage record",
      errorData: [{ field: null, message: "Total price exceeds balance remaining" }],
    });
  });

  it.each(["throttled", "accessDenied", "internalErrorAfter"] as const)(
    "tells nothing in errorData of %s",
    async (fault) => {
      subscribe();
      admin.faults.next(fault, 1, "mutations");
      const error = await failureOf(shopify.billing.createUsageRecord(theirs));
      expect(error).toBeInstanceOf(BillingError);
      expect(error).toHaveProperty("errorData", undefined);
    },
  );

  it("is a TypeError if the response has neither record nor user errors", async () => {
    subscribe();
    setAbstractFetchFunc(async (input, init) => {
      if (!String(init?.body).includes("mutation")) return admin.fetch(String(input), init);
      return Response.json({ data: { appUsageRecordCreate: null } });
    });
    expect(await failureOf(shopify.billing.createUsageRecord(theirs))).toBeInstanceOf(TypeError);
  });

  it("throws another class for the same failure during its look-up", async () => {
    subscribe();
    admin.faults.next("throttled", 1, "queries");
    const error = await failureOf(shopify.billing.createUsageRecord(theirs));
    expect(error).toBeInstanceOf(GraphqlQueryError);
  });

  it("looks up at the cost of a page of one-time purchases; ours asks for the subscription alone", async () => {
    subscribe();
    await shopify.billing.createUsageRecord(theirs);
    const theirCost = admin.requests[0]?.requestedCost ?? 0;
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    await billing.activeUsageLineItem();
    const ourCost = admin.requests.at(-1)?.requestedCost ?? 0;
    expect([theirCost, ourCost]).toEqual([20, 7]);
  });

  it("types no abort signal, and does not look at one", async () => {
    subscribe();
    const aborted = { ...theirs, signal: AbortSignal.abort() };
    await shopify.billing.createUsageRecord(aborted);
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("request", () => {
  it("proposes a test subscription by default", async () => {
    await shopify.billing.request({
      session,
      plan: "Emails by use",
      returnUrl: "https://x.example",
    });
    expect(shop.subscriptions.map(({ test }) => test)).toEqual([true]);
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    await billing.createSubscription({
      name: "Emails by use",
      returnUrl: "https://x.example",
      usage: { cappedAmount: { amount: "100.00", currencyCode: "USD" }, terms: "1 USD a 1000" },
    });
    expect(shop.subscriptions.map(({ test }) => test)).toEqual([true, false]);
  });

  it("makes one-time purchases", async () => {
    const purchase = await shopify.billing.request({
      session,
      plan: "Setup",
      returnUrl: "https://x.example",
      returnObject: true,
    });
    expect(purchase).toHaveProperty("appPurchaseOneTime.name", "Setup");
    // Their type says `oneTimePurchase`.
    expect(purchase.oneTimePurchase).toBeUndefined();
  });
});

describe("check, subscriptions", () => {
  it("count test subscriptions by default, as ours does", async () => {
    const cappedAmount = { amount: "100.00", currencyCode: "USD" };
    shop.createSubscription({ cappedAmount, status: "ACTIVE", test: true });
    const plans = ["Usage plan"];
    expect(await shopify.billing.check({ session, plans })).toBe(true);
    expect(await shopify.billing.check({ session, plans, isTest: false })).toBe(false);
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    expect(await billing.activeUsageLineItem()).not.toBeNull();
    expect(await billing.activeUsageLineItem({ isTest: false })).toBeNull();
  });

  it("read active subscriptions only", async () => {
    subscribe();
    for (const { id } of shop.subscriptions) shop.cancel(id);
    const { activeSubscriptions } = await shopify.billing.subscriptions({ session });
    expect(activeSubscriptions).toEqual([]);
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    const statuses: string[] = [];
    for await (const { status } of billing.subscriptions()) statuses.push(status);
    expect(statuses).toEqual(["CANCELLED"]);
  });
});

describe("cancel", () => {
  it("prorates by default; ours leaves it to Shopify, which does not", async () => {
    subscribe();
    const subscriptionId = shop.subscriptions[0]?.id ?? "";
    await shopify.billing.cancel({ session, subscriptionId });
    expect(admin.requests.at(-1)?.variables).toMatchObject({ prorate: true });
    subscribe();
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    await billing.cancelSubscription({ id: shop.activeSubscription?.id ?? "" });
    expect(admin.requests.at(-1)?.variables).not.toHaveProperty("prorate");
  });
});

describe("updateUsageCappedAmount", () => {
  it("needs the line item's id; ours finds it", async () => {
    subscribe();
    const subscriptionLineItemId = shop.activeSubscription?.usageLineItem?.id ?? "";
    const cappedAmount = { amount: 200, currencyCode: "USD" };
    const { confirmationUrl } = await shopify.billing.updateUsageCappedAmount({
      session,
      subscriptionLineItemId,
      cappedAmount,
    });
    expect(confirmationUrl).toBe(shop.openApprovals[0]?.confirmationUrl);
    const billing = createUsageBillingClient({ ...SHOP, fetch: admin.fetch });
    const result = await billing.updateCappedAmount({
      cappedAmount: { amount: "300.00", currencyCode: "USD" },
    });
    expect(result).toMatchObject({ ok: true });
  });
});
