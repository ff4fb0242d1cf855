/** A database for tests of the `ledger` commands. */
import { Pool } from "pg";
import { inject, onTestFinished } from "vitest";
import { createUsageLedger, type UsageLedger } from "shopify-usage-ledger";
import { createDatabase } from "../../../../ledger/test/postgres-server.js";
import { SHOP } from "../../cli-under-test.js";

/** A database with a ledger. */
export interface LedgerDatabase {
  readonly url: string;
  readonly pool: Pool;
  readonly ledger: UsageLedger;
  /** Records a use, and returns once it is committed. */
  readonly record: (id: string, amount: string, shop?: string) => Promise<void>;
}

/** Creates a database on the tests' server. */
export async function ledgerDatabase({
  migrated = true,
  uses = 0,
}: { readonly migrated?: boolean; readonly uses?: number } = {}): Promise<LedgerDatabase> {
  const url = await createDatabase(inject("postgres"));
  const pool = new Pool({ connectionString: url });
  onTestFinished(async () => await pool.end());
  const ledger = createUsageLedger({
    database: pool,
    billingFor: () => {
      throw new Error("The command charges, not the test");
    },
  });
  if (migrated) await ledger.migrate();
  const record: LedgerDatabase["record"] = async (id, amount, shop = SHOP) => {
    const price = { amount, currencyCode: "USD" };
    const { text, values } = ledger.record({ shop, meter: "emails", id, price });
    await pool.query(text, values);
  };
  for (let n = 0; n < uses; n += 1) await record(`use-${n}`, "0.25");
  return { url, pool, ledger, record };
}
