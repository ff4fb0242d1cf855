import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createUsageBillingClient, type UsageBillingClient } from "shopify-usage-billing";
import { createAdminSimulator } from "shopify-usage-billing/testing";

/** Points of a charge that asks for the whole record, by the captured rule for mutations. */
const COST = 13;

/** The real one: it does not advance the fake clock. */
const turn = promisify(setImmediate);

/** Runs all timers in order until the work is done. */
async function passTime(work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const settled = work.finally(() => over.abort());
  while (!over.signal.aborted) {
    // Everything that one timer started has settled before the next one fires.
    for (let turns = 0; turns < 4; turns += 1) await turn();
    if (!over.signal.aborted) vi.advanceTimersToNextTimer();
  }
  await settled;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2025-01-31T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A standard shop, and clients that know nothing of each other, on a fake clock. */
async function setUp(clients: number) {
  const bucket = { maximumAvailable: 2_000, restoreRate: 100 };
  const admin = createAdminSimulator({ bucket });
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  const { usageLineItem } = shop.createSubscription({
    cappedAmount: { amount: "100000.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  // The schema is read from the disk before any time passes.
  await shop.graphql("{ currentAppInstallation { id } }");
  admin.faults.latency({ min: 100, max: 400 });
  let throttled = 0;
  let answers = 0;
  admin.on("request", ({ errors }) => {
    answers += 1;
    if (errors.includes("THROTTLED")) throttled += 1;
  });
  const billing = Array.from({ length: clients }, () =>
    createUsageBillingClient({
      shop: shop.domain,
      accessToken: "shpat_example",
      fetch: admin.fetch,
    }),
  );

  /** Charges with each client, all at once; how much was used of what the bucket had and got. */
  const drain = async (charges: number): Promise<number> => {
    const start = Date.now();
    let end = start;
    const charge = async (client: UsageBillingClient, key: string): Promise<void> => {
      const result = await client.createUsageRecord({
        description: "1000 emails",
        price: { amount: "0.01", currencyCode: "USD" },
        idempotencyKey: key,
        subscriptionLineItemId: usageLineItem?.id,
      });
      if (!result.ok) throw new Error(result.userErrors[0].message);
      end = Date.now();
    };
    const all = Promise.all(
      billing.flatMap((client, index) =>
        Array.from({ length: charges }, (_, number) => charge(client, `${index}-${number}`)),
      ),
    );
    await passTime(all);
    const given = bucket.maximumAvailable + (bucket.restoreRate * (end - start)) / 1_000;
    return (charges * clients * COST) / given;
  };
  return { admin, shop, drain, throttled: () => throttled / answers };
}

describe("a backlog", { timeout: 30_000 }, () => {
  it("of one client drains at 99 % of the restore rate, almost never throttled", async () => {
    const { admin, drain, throttled } = await setUp(1);
    expect(await drain(1_200)).toBeGreaterThan(0.99);
    expect(throttled()).toBeLessThan(0.005);
    expect(admin.ledger).toHaveLength(1_200);
  });

  it("of four clients drains at 97 % of the restore rate, seldom throttled", async () => {
    const { admin, drain, throttled } = await setUp(4);
    expect(await drain(300)).toBeGreaterThan(0.97);
    expect(throttled()).toBeLessThan(0.01);
    expect(admin.ledger).toHaveLength(1_200);
  });
});
