import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  AbortedError,
  createUsageBillingClient,
  type UsageBillingEvent,
} from "shopify-usage-billing";
import { createAdminSimulator } from "shopify-usage-billing/testing";

const SHOP = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_example";

function setUp() {
  const admin = createAdminSimulator({ bucket: { maximumAvailable: 1_000, restoreRate: 1 } });
  const shop = admin.addShop({ shop: SHOP, accessToken: ACCESS_TOKEN });
  const { usageLineItem } = shop.createSubscription({
    cappedAmount: { amount: "1000.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  const charge = (idempotencyKey: string) => ({
    description: "1000 emails",
    price: { amount: "0.01", currencyCode: "USD" as const },
    subscriptionLineItemId: usageLineItem?.id,
    idempotencyKey,
  });
  return { admin, shop, charge };
}

describe("a fetch that knows no signals", () => {
  const deaf = (answer: () => Promise<Response>) =>
    createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      fetch: answer,
      timeout: 20,
      retry: { attempts: 2, minDelay: 1 },
    });

  it("cannot delay a call beyond its timeout", async () => {
    const { charge } = setUp();
    const billing = deaf(() => new Promise<Response>(() => undefined));
    await expect(billing.createUsageRecord(charge("a"))).rejects.toMatchObject({
      name: "TimeoutError",
      certainty: "unknown",
      attempts: 2,
    });
  });

  it("cannot delay it with a body that never ends", async () => {
    const { charge } = setUp();
    const billing = deaf(async () => new Response(new ReadableStream()));
    await expect(billing.createUsageRecord(charge("a"))).rejects.toMatchObject({
      name: "TimeoutError",
      certainty: "unknown",
      attempts: 2,
    });
  });

  it("does not mix a late response into the next attempt", async () => {
    const { admin, shop, charge } = setUp();
    await shop.graphql("{ currentAppInstallation { id } }"); // The schema is read once.
    let count = 0;
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      fetch: async (input, init) => {
        count += 1;
        const response = await admin.fetch(input, { ...init, signal: null });
        if (count === 1) await sleep(600);
        return response;
      },
      timeout: 300,
      retry: { minDelay: 1 },
    });
    const result = await billing.createUsageRecord(charge("a"));
    expect(result.ok).toBe(true);
    expect(result.meta).toMatchObject({ attempts: 2, requestId: admin.requests[2]?.id });
    await sleep(350);
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("an aborted call", () => {
  it("sends nothing if the token arrives too late, with any fetch", async () => {
    const { admin, charge } = setUp();
    const events: UsageBillingEvent[] = [];
    let give = (_token: string): void => undefined;
    const token = new Promise<string>((resolve) => (give = resolve));
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: () => token,
      // One that knows no signals.
      fetch: (input, init) => admin.fetch(input, { ...init, signal: null }),
      onEvent: (event) => events.push(event),
    });
    const controller = new AbortController();
    const call = billing.createUsageRecord(charge("a"), { signal: controller.signal });
    controller.abort();
    const error: unknown = await call.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ certainty: "notApplied", attempts: 0, idempotencyKey: "a" });

    give(ACCESS_TOKEN);
    await sleep(20);
    expect(admin.requests).toHaveLength(0);
    expect(admin.ledger).toHaveLength(0);
    expect(events).toEqual([]);
  });

  it("that waits for pace charges nothing, and says so", async () => {
    const { admin, shop, charge } = setUp();
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      fetch: admin.fetch,
    });
    expect((await billing.createUsageRecord(charge("first"))).ok).toBe(true);
    shop.drain();
    await billing
      .createUsageRecord(charge("learns"), { signal: AbortSignal.timeout(50) })
      .catch(() => undefined);
    const before = admin.requests.length;
    const controller = new AbortController();
    const calls = Array.from({ length: 1_000 }, (_, index) =>
      billing.createUsageRecord(charge(`waits-${index}`), { signal: controller.signal }),
    );
    const settled = Promise.allSettled(calls);
    await sleep(20);
    controller.abort(new Error("shutting down"));
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { name: "AbortedError", certainty: "notApplied", attempts: 0 },
      });
    }
    expect(admin.requests).toHaveLength(before);
    expect(admin.ledger).toHaveLength(1);
  });

  it("that was never sent says so, among a thousand on one signal", async () => {
    const { admin, charge } = setUp();
    admin.faults.rate({ noAnswerBefore: 1 });
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      fetch: admin.fetch,
    });
    const controller = new AbortController();
    const calls = Array.from({ length: 1_000 }, (_, index) =>
      billing.createUsageRecord(charge(`${index}`), { signal: controller.signal }),
    );
    const settled = Promise.allSettled(calls);
    await sleep(20);
    controller.abort();
    const attempts = new Map<string, number>();
    for (const outcome of await settled) {
      const { certainty, attempts: sent } = outcome.status === "rejected" ? outcome.reason : {};
      const key = `${certainty} after ${sent}`;
      attempts.set(key, (attempts.get(key) ?? 0) + 1);
    }
    // Eight are sent before the first answer tells how fast the shop is.
    expect(Object.fromEntries(attempts)).toEqual({
      "unknown after 1": 8,
      "notApplied after 0": 992,
    });
    expect(admin.requests).toHaveLength(8);
  });
});
