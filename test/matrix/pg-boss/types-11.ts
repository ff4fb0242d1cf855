/** Whether the class of this version of pg-boss fits the engine. */
import type PgBoss from "pg-boss";
import type { UsageLedger } from "shopify-usage-ledger";
import { chargeOnPgBoss, type PgBossEngine } from "shopify-usage-ledger/pg-boss";

export const start = async (boss: PgBoss, ledger: UsageLedger): Promise<PgBossEngine> =>
  await chargeOnPgBoss({ boss, ledger });
