/** A worker of a soak: charges what is due until it is killed. */
import { Pool } from "pg";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createUsageLedger, type UsageLedgerOptions } from "../src/index.js";
import { accessTokenOf } from "./plan.js";

/** What a worker is started with. */
export interface WorkerOptions extends Pick<
  UsageLedgerOptions,
  "rollUp" | "onCap" | "claimFor" | "concurrency"
> {
  readonly database: string;
  readonly endpoint: string;
}

const { database, endpoint, ...options } = JSON.parse(process.argv[2] ?? "{}") as WorkerOptions; // of the soak
const pool = new Pool({ connectionString: database, max: 6 });
pool.on("error", () => undefined); // a server that was crashed; the next statement connects again
const clients = new Map<string, ReturnType<typeof createUsageBillingClient>>();

const ledger = createUsageLedger({
  ...options,
  database: pool,
  billingFor: (shop) => {
    const client =
      clients.get(shop) ??
      createUsageBillingClient({
        shop,
        accessToken: accessTokenOf(shop),
        endpoint,
        timeout: 400,
        retry: { attempts: 3, minDelay: 5, maxDelay: 50, deadline: 2000 },
      });
    clients.set(shop, client);
    return client;
  },
  onEvent: ({ type }) => {
    if (type === "twice" || type === "charged") process.send?.(type);
  },
});

process.on("disconnect", () => process.exit());
process.channel?.ref(); // it would not notice otherwise
await ledger.run({ signal: new AbortController().signal, pollInterval: 50, shops: 4 });
