import { PGlite } from "@electric-sql/pglite";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { createUsageLedger } from "shopify-usage-ledger";
import { describe, expect, onTestFinished, test } from "vitest";
import { canStartRedis, freePort, startRedis } from "../../test/documentation/redis.js";
import { chargeOnBullMq } from "./charge-on-bullmq.js";

const SOON = { timeout: 40_000, interval: 100 };
// The reporter prints the skip.
const title = canStartRedis ? "the ledger on BullMQ" : "the ledger on BullMQ (needs redis-server)";

describe.skipIf(!canStartRedis)(title, { timeout: 90_000 }, () => {
  test("Redis killed without persistence: every use is charged, once, and the schedule comes back", async () => {
    const admin = createAdminSimulator();
    const domains = Array.from({ length: 6 }, (_, n) => `shop-${n}.myshopify.com`);
    for (const shop of domains) {
      const cappedAmount = { amount: "50", currencyCode: "USD" };
      const added = admin.addShop({ shop, accessToken: `shpat_${shop}` });
      added.createSubscription({ cappedAmount, status: "ACTIVE" });
    }
    const database = await PGlite.create();
    onTestFinished(() => database.close());
    const clients = new Map(
      domains.map((shop) => [
        shop,
        createUsageBillingClient({
          shop,
          accessToken: `shpat_${shop}`,
          fetch: admin.fetch,
        }),
      ]),
    );
    const ledger = createUsageLedger({
      database,
      rollUp: "each",
      billingFor: (shop) => {
        const client = clients.get(shop);
        if (!client) throw new Error(`${shop} has not installed the app`);
        return client;
      },
    });
    await ledger.migrate();
    const recordAll = async (id: string): Promise<void> => {
      const price = { amount: "1", currencyCode: "USD" };
      const uses = domains.map((shop) => ({ shop, meter: "emails", id, price }));
      const { text, values } = ledger.record(uses);
      await database.query(text, values);
    };

    const port = await freePort();
    const first = await startRedis(String(port));
    const redis = { host: "127.0.0.1", port, retryStrategy: () => 100 };
    const killed = new Promise<void>((resolve) => {
      admin.on("usageRecord", () => {
        if (admin.ledger.length !== 2) return;
        first.stop("SIGKILL");
        resolve();
      });
    });
    await recordAll("1");
    const engine = await chargeOnBullMq({ ledger, redis, shops: 1, every: 1000 });
    onTestFinished(engine.stop);
    await killed;
    await recordAll("2"); // the app goes on without Redis
    const second = await startRedis(String(port));
    onTestFinished(() => second.stop());
    await expect.poll(() => admin.ledger.length, SOON).toBe(12);
    expect(new Set(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(12);
    const { rows } = await database.query("select from usage_ledger.books where difference <> 0");
    expect(rows).toEqual([]);
    expect(await engine.queue.getJobSchedulersCount()).toBe(1);
  });
});
