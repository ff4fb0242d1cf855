/** Charges a few shops on pg-boss, and prints what became of them. */
import { Pool } from "pg";
import * as module from "pg-boss";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { createUsageLedger } from "shopify-usage-ledger";
import { chargeOnPgBoss } from "shopify-usage-ledger/pg-boss";

const PgBoss = module.PgBoss ?? module.default;
const [connectionString] = process.argv.slice(2);
const admin = createAdminSimulator();
const shops = ["one", "two", "three"].map((name) => `${name}.myshopify.com`);
for (const shop of shops) {
  admin.addShop({ shop, accessToken: `shpat_${shop}` }).createSubscription({
    cappedAmount: { amount: "50", currencyCode: "USD" },
    status: "ACTIVE",
  });
}
const database = new Pool({ connectionString });
const ledger = createUsageLedger({
  database,
  rollUp: "each",
  billingFor: (shop) => {
    if (!shops.includes(shop)) throw new Error("not installed");
    return createUsageBillingClient({
      shop,
      accessToken: `shpat_${shop}`,
      fetch: admin.fetch,
    });
  },
});
await ledger.migrate();
const price = { amount: "1", currencyCode: "USD" };
const uses = [...shops, "gone.myshopify.com"].flatMap((shop) =>
  ["1", "2"].map((id) => ({ shop, meter: "emails", id, price })),
);
const { text, values } = ledger.record(uses);
await database.query(text, values);

const boss = new PgBoss({ connectionString });
boss.on("error", () => undefined);
await boss.start();
const engine = await chargeOnPgBoss({ boss, ledger, retryLimit: 0, pollInterval: 0.5 });
const enqueued = await engine.enqueueDue();
const again = await engine.enqueue("one.myshopify.com");
let letters = [];
while (admin.ledger.length < 6 || letters.length === 0) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (letters.length === 0) letters = await boss.fetch("usage-ledger-failed");
}
const schedules = await boss.getSchedules();
await engine.stop();
await boss.stop();
await database.end();
console.log(
  JSON.stringify({
    enqueued,
    again,
    charges: admin.ledger.length,
    keys: new Set(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).size,
    letters: letters.map(({ data }) => data),
    schedules: schedules.map(({ name }) => name),
  }),
);
