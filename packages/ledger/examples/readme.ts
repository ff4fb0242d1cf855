/** The code of the package's README, region by region, run by its test. */
import type { Pool } from "pg";
import type { UsageBillingClient } from "shopify-usage-billing/2026-10";
import { createUsageLedger, type LedgerEvent, type UsageLedger } from "shopify-usage-ledger";
import { chargeOnPgBoss, type PgBoss, type PgBossEngine } from "shopify-usage-ledger/pg-boss";

/** What an app brings. */
export interface App {
  readonly pool: Pool;
  readonly clients: { readonly get: (shop: string) => UsageBillingClient };
  readonly shop: string;
  readonly order: { readonly id: string };
  readonly log: (event: LedgerEvent) => void;
}

export function create({ pool, clients, log }: App): UsageLedger {
  // #region create
  const ledger = createUsageLedger({
    database: pool, // anything with query(text, values): pg, PGlite, Neon
    billingFor: (shop) => clients.get(shop), // a client of shopify-usage-billing
    rollUp: { every: "day" },
    describe: ({ meter, quantity }) => `${quantity} ${meter}`,
    onEvent: log,
  });
  // #endregion
  return ledger;
}

export async function migrate(ledger: UsageLedger): Promise<void> {
  // #region migrate
  await ledger.migrate();
  // #endregion
}

export async function record({ pool, shop, order }: App, ledger: UsageLedger): Promise<void> {
  const tx = await pool.connect();
  try {
    // #region record
    await tx.query("begin");
    await tx.query("update orders set mailed = true where id = $1", [order.id]);
    const { text, values } = ledger.record({
      shop,
      id: order.id, // counts once, even if recorded twice
      meter: "emails",
      quantity: 250,
      unitPrice: { amount: "0.0015", currencyCode: "USD" },
    });
    await tx.query(text, values);
    await tx.query("commit");
    // #endregion
  } finally {
    tx.release();
  }
}

export async function chargeOnManyMachines(
  boss: PgBoss,
  ledger: UsageLedger,
): Promise<PgBossEngine> {
  // #region pg-boss
  const engine = await chargeOnPgBoss({ boss, ledger }); // a PgBoss that has been started
  // #endregion
  return engine;
}

export async function run(ledger: UsageLedger): Promise<void> {
  // #region run
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort());
  await ledger.run({ signal: stopping.signal });
  // #endregion
}

export async function charge(ledger: UsageLedger): Promise<void> {
  // #region charge
  for (const shop of await ledger.due()) await ledger.charge(shop);
  // #endregion
}

export async function mayUse(ledger: UsageLedger, shop: string): Promise<boolean> {
  // #region balance
  const { available } = await ledger.balance(shop);
  const mayUse = available !== null && Number(available) > 0;
  // #endregion
  return mayUse;
}

export async function resume(ledger: UsageLedger, shop: string): Promise<void> {
  // #region resume
  await ledger.resume(shop); // in the handler of APP_SUBSCRIPTIONS_UPDATE
  // #endregion
}

export async function decide(ledger: UsageLedger, shop: string): Promise<void> {
  // #region held
  await ledger.resume(shop, { held: true }); // charge them in this period, or
  await ledger.waive(shop, { charges: "held" }); // give them up
  // #endregion
}

export async function changePlan(ledger: UsageLedger, shop: string): Promise<void> {
  // #region close
  await ledger.close(shop); // before the merchant is sent to approve another plan
  await ledger.charge(shop);
  // #endregion
}

export async function reconcile(
  ledger: UsageLedger,
  shop: string,
  since: Date,
): Promise<readonly string[]> {
  const found: string[] = [];
  // #region reconcile
  for await (const difference of ledger.reconcile(shop, { since })) {
    found.push(difference.type); // "missing", "foreign" or "differs"
  }
  // #endregion
  return found;
}

export async function forget(ledger: UsageLedger): Promise<void> {
  // #region forget
  const ninetyDays = 90 * 24 * 60 * 60 * 1000;
  await ledger.forget({ before: new Date(Date.now() - ninetyDays) });
  // #endregion
}
