/**
 * Charges shops on pg-boss, a job queue in PostgreSQL.
 *
 * @packageDocumentation
 */
export {
  chargeOnPgBoss,
  type PgBossEngine,
  type PgBossEngineOptions,
} from "./charge-on-pg-boss.js";
export type { PgBoss, PgBossJob, PgBossQueue } from "./boss.js";
