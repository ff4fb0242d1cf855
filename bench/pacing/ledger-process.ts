/**
 * A machine that charges what a usage ledger has: a process with a `run` of its own. It starts on a
 * message, so that several start together, and runs until it is ended.
 */
import { Pool } from "pg";
import { createUsageBillingClient } from "shopify-usage-billing";
import { createUsageLedger } from "shopify-usage-ledger";

const [endpoint = "", database = "", warmUp = "", shops = "1"] = process.argv.slice(2);
const pool = new Pool({ connectionString: database, max: 10 });
const clients = new Map<string, ReturnType<typeof createUsageBillingClient>>();

const ledger = createUsageLedger({
  database: pool,
  billingFor: (shop) => {
    const client =
      clients.get(shop) ??
      createUsageBillingClient({ shop, accessToken: `shpat_${shop}`, endpoint });
    clients.set(shop, client);
    return client;
  },
  rollUp: "each",
  isTest: true,
});

// Before the measurement: compiles the code and opens the connections.
await ledger.charge(warmUp);
process.send?.("ready");
process.once("message", async () => {
  await ledger.run({ signal: new AbortController().signal, shops: Number(shops) });
});
process.once("disconnect", () => process.exit());
