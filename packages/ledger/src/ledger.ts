import { balance, type Balance, type BalanceOptions } from "./balance.js";
import { charge, type CallOptions, type ChargeReport } from "./charge.js";
import { close, type CloseReport } from "./close.js";
import type { Statement } from "./database.js";
import { due, type DueOptions } from "./due.js";
import { checkShop } from "./input.js";
import { forget, type ForgetOptions, type ForgetReport } from "./forget.js";
import { migrate } from "./migrate.js";
import { checkOptions, type UsageLedgerOptions } from "./options.js";
import { reconcile, type Difference, type ReconcileOptions } from "./reconcile.js";
import { record, type Use } from "./record.js";
import { resume, type ResumeOptions, type ResumeReport } from "./resume.js";
import { run, type RunOptions } from "./run.js";
import { waive, type WaiveOptions } from "./waive.js";

/**
 * Durable usage of Shopify shops, in PostgreSQL.
 *
 * @remarks
 * Every method may be called from any number of processes at once. The methods need no `this`.
 */
export interface UsageLedger {
  /**
   * Returns the statement that records one use or many. Run it in the app's own transaction.
   *
   * @remarks
   * A use is unique by shop, meter and id, for ever; recording it again changes nothing. The statement
   * returns one row, `{ recorded, differing }`.
   *
   * @throws InvalidUsageError
   *
   * @example
   * ```ts
   * const { text, values } = ledger.record({ shop, id: order.id, meter: "orders", price });
   * await tx.query(text, values);
   * ```
   */
  readonly record: (uses: Use | readonly Use[]) => Statement;
  /**
   * Charges a shop: seals the uses that are due, sends the charges and notes their results.
   *
   * @remarks
   * Idempotent: call it from anywhere, as often as you like. If another worker is charging the shop, it
   * returns at once with the state `busy`.
   *
   * @throws the billing client's error if Shopify cannot be reached; the database's own errors;
   * BillingTimeoutError; LedgerSchemaError
   */
  readonly charge: (shop: string, options?: CallOptions) => Promise<ChargeReport>;
  /** Returns the shops that are due, at most `limit` (100): those that `charge` has work for. For schedulers. */
  readonly due: (options?: DueOptions) => Promise<readonly string[]>;
  /** Charges every shop that is due, until the signal aborts. A failure is an event, and is retried. */
  readonly run: (options: RunOptions) => Promise<void>;
  /** Returns what a shop has used, and how much more fits under its cap. */
  readonly balance: (shop: string, options?: BalanceOptions) => Promise<Balance>;
  /** Seals everything that is open, without sending it: before a plan changes, or when the app is uninstalled. */
  readonly close: (shop: string) => Promise<CloseReport>;
  /** Makes a shop due at once: after its cap was raised, a plan approved, or the app installed again. */
  readonly resume: (shop: string, options?: ResumeOptions) => Promise<ResumeReport>;
  /** Gives up charges that are held, parked or refused, for good. Returns how many. */
  readonly waive: (shop: string, options: WaiveOptions) => Promise<number>;
  /** Compares the ledger with the usage records at Shopify and yields each difference. */
  readonly reconcile: (
    shop: string,
    options: ReconcileOptions,
  ) => AsyncGenerator<Difference, void, undefined>;
  /** Deletes uses that have been charged. They still count once: a digest of each is kept. */
  readonly forget: (options: ForgetOptions) => Promise<ForgetReport>;
  /** Creates the ledger's tables or brings them up to date. Many processes may call it at once. */
  readonly migrate: () => Promise<void>;
}

/**
 * Makes a ledger.
 *
 * @remarks
 * Nothing is sent or written before the first call.
 *
 * @throws InvalidUsageError if an option is unknown, missing or wrong
 *
 * @example
 * ```ts
 * const ledger = createUsageLedger({
 *   database: pool,
 *   billingFor: (shop) => clients.get(shop),
 *   rollUp: { every: "day" },
 * });
 * await ledger.migrate();
 * ```
 */
export function createUsageLedger(options: UsageLedgerOptions): UsageLedger {
  const context = checkOptions(options);
  return {
    record: (uses) => record(uses, context.now()),
    charge: async (shop, options) => await charge(context, checkShop(shop), options),
    due: async (options) => await due(context, options),
    run: async (options) => await run(context, options),
    balance: async (shop, options) => await balance(context, checkShop(shop), options),
    close: async (shop) => await close(context, checkShop(shop)),
    resume: async (shop, options) => await resume(context, checkShop(shop), options),
    waive: async (shop, options) => await waive(context, checkShop(shop), options),
    reconcile: (shop, options) => reconcile(context, checkShop(shop), options),
    forget: async (options) => await forget(context, options),
    migrate: async () => await migrate(context.database),
  };
}
