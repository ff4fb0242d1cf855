/**
 * Durable usage billing for Shopify apps, on PostgreSQL.
 *
 * @packageDocumentation
 */
export { createUsageLedger, type UsageLedger } from "./ledger.js";
export type { ChargeContent, RollUp, UsageLedgerOptions } from "./options.js";
export type { Billing } from "./billing.js";
export type { Database, QueryResult, Statement } from "./database.js";
export type { PriceValue, RecordedRow, Use } from "./record.js";
export type { CallOptions, ChargeReport } from "./charge.js";
export type { DueOptions } from "./due.js";
export type { RunOptions } from "./run.js";
export type { Balance, BalanceOptions } from "./balance.js";
export type { CloseReport } from "./close.js";
export type { ResumeOptions, ResumeReport } from "./resume.js";
export type { WaiveOptions } from "./waive.js";
export type {
  Difference,
  ReconcileOptions,
  ReconciledCharge,
  ReconciledRecord,
} from "./reconcile.js";
export type { ForgetOptions, ForgetReport } from "./forget.js";
export type { ShopState } from "./shop.js";
export type { ChargeFacts, LedgerEvent, LedgerEventListener } from "./events.js";
export {
  BillingTimeoutError,
  InvalidUsageError,
  LedgerSchemaError,
  UsageLedgerError,
} from "./errors.js";
export { migrations, type Migration } from "./migrations.js";
