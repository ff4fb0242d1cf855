import type { ChargeReport } from "../charge.js";
import { checkNames, checkShop, checkWhole, mustBe } from "../input.js";
import type { UsageLedger } from "../ledger.js";
import type { PgBoss, PgBossJob } from "./boss.js";

/** Options of `chargeOnPgBoss`. */
export interface PgBossEngineOptions {
  /** A `PgBoss` that has been started. Listen to its `error` event. */
  readonly boss: PgBoss;
  readonly ledger: Pick<UsageLedger, "charge" | "due">;
  /** The queue of shops. @defaultValue `"usage-ledger"` */
  readonly queue?: string | undefined;
  /** How many shops this process charges at once; 0 for a process that only enqueues. @defaultValue 4 */
  readonly shops?: number | undefined;
  /** When the shops that are due are enqueued, as a cron expression. @defaultValue every minute */
  readonly cron?: string | undefined;
  /**
   * Seconds after which a job goes to another worker, because its own may have died; 10 to 86399. A shop
   * that takes longer than four fifths of it is enqueued again for the rest.
   * @defaultValue 300
   */
  readonly expireIn?: number | undefined;
  /** How often a failed job is retried before it becomes a dead letter. @defaultValue 5 */
  readonly retryLimit?: number | undefined;
  /** Seconds after which an idle worker asks the queue again, at least 0.5. @defaultValue 2 */
  readonly pollInterval?: number | undefined;
}

/** A ledger that is charged on pg-boss. */
export interface PgBossEngine {
  /** Enqueues a shop at once, for example after `resume`. Returns false if it was waiting already. */
  readonly enqueue: (shop: string) => Promise<boolean>;
  /** Enqueues every shop that is due, as the schedule does. Returns how many it added. */
  readonly enqueueDue: () => Promise<number>;
  /**
   * Takes no more jobs and ends those under way: results that come back are noted, and pg-boss retries
   * the jobs. Call it before `boss.stop()`.
   */
  readonly stop: () => Promise<void>;
}

const DAY_IN_SECONDS = 86_400;

const KNOWN: readonly string[] = [
  "boss",
  "ledger",
  "queue",
  "shops",
  "cron",
  "expireIn",
  "retryLimit",
  "pollInterval",
];

/** How many shops one run of the schedule enqueues at most. */
const PAGE = 1000;
/** How often queues and schedule are created again, in milliseconds, in case pg-boss's tables were emptied. */
const ARRANGE = 300_000;

/**
 * Charges shops that are due on pg-boss, in every process that calls it.
 *
 * @remarks
 * Creates three queues: `usage-ledger` has a job for each shop that is due, `usage-ledger-due` the job that
 * the schedule sends, and `usage-ledger-failed` the dead letters. A shop waits in the queue at most once
 * (pg-boss's policy `short`), and one worker at a time charges it. A job's output is what `charge` returned.
 *
 * pg-boss only decides when. The truth is in the ledger's own tables: a shop whose job is lost or has
 * become a dead letter stays due, and is enqueued again.
 *
 * @throws InvalidUsageError; pg-boss's own errors
 *
 * @example
 * ```ts
 * import PgBoss from "pg-boss";
 * import { chargeOnPgBoss } from "shopify-usage-ledger/pg-boss";
 *
 * const boss = new PgBoss(process.env.DATABASE_URL);
 * boss.on("error", console.error);
 * await boss.start();
 * const engine = await chargeOnPgBoss({ boss, ledger });
 * ```
 */
export async function chargeOnPgBoss(options: PgBossEngineOptions): Promise<PgBossEngine> {
  checkNames(options, KNOWN);
  const { boss, ledger, queue = "usage-ledger", shops = 4, cron = "* * * * *" } = options;
  const { expireIn = 300, retryLimit = 5, pollInterval = 2 } = options;
  if (typeof boss?.createQueue !== "function") throw mustBe("boss", "a PgBoss", boss);
  if (typeof ledger?.charge !== "function") throw mustBe("ledger", "a usage ledger", ledger);
  checkText("queue", queue);
  checkText("cron", cron);
  checkWhole("shops", shops, 0, 1000);
  checkWhole("expireIn", expireIn, 10, DAY_IN_SECONDS - 1); // pg-boss's own limit is a day
  checkWhole("retryLimit", retryLimit, 0, 1000);
  checkSeconds("pollInterval", pollInterval);
  const due = `${queue}-due`;
  const failed = `${queue}-failed`;
  const stopped = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  const enqueue = async (shop: string): Promise<boolean> => {
    const domain = checkShop(shop);
    return (await boss.send(queue, { shop: domain }, { singletonKey: domain })) !== null;
  };

  const enqueueDue = async (): Promise<number> => {
    let enqueued = 0;
    for (const shop of await ledger.due({ limit: PAGE })) if (await enqueue(shop)) enqueued += 1;
    return enqueued;
  };

  /** Creates queues and schedule if they are missing. The dead letters' queue is first: the shops' queue names it. */
  const arrange = async (): Promise<void> => {
    const common = { retryLimit: 0, retryDelay: 0, retryBackoff: false, expireInSeconds: expireIn };
    await boss.createQueue(failed, { ...common, name: failed });
    await boss.createQueue(queue, {
      ...common,
      name: queue,
      policy: "short",
      retryLimit,
      retryDelay: 5,
      retryBackoff: true,
      deadLetter: failed,
    });
    await boss.createQueue(due, { ...common, name: due, policy: "short" });
    await boss.schedule(due, cron, {});
  };

  const chargeShop = async (
    job: PgBossJob,
  ): Promise<ChargeReport | { readonly shop: string; readonly state: "unfinished" }> => {
    const shop = shopOf(job);
    // Ends before pg-boss gives the job to another worker.
    const slice = AbortSignal.timeout(expireIn * 800);
    try {
      return await ledger.charge(shop, { signal: AbortSignal.any([slice, stopped.signal]) });
    } catch (error) {
      if (error !== slice.reason || stopped.signal.aborted) throw error;
      await enqueue(shop);
      return { shop, state: "unfinished" };
    }
  };

  await arrange();
  const keeper = setInterval(() => void arrange().catch(() => undefined), ARRANGE);
  keeper.unref();
  const polling = { batchSize: 1, pollingIntervalSeconds: pollInterval };
  if (shops > 0)
    await boss.work(due, { ...polling }, async () => ({ enqueued: await enqueueDue() }));
  // Not one worker with a batch: pg-boss completes or fails a batch as a whole.
  for (let n = 0; n < shops; n += 1) {
    await boss.work(queue, { ...polling }, async ([job]) => {
      if (!job) return null;
      const work = chargeShop(job);
      underWay.add(work);
      try {
        return await work;
      } finally {
        underWay.delete(work);
      }
    });
  }

  return {
    enqueue,
    enqueueDue,
    stop: async () => {
      clearInterval(keeper);
      // First take no more jobs, then end those under way.
      const off = shops > 0 ? [boss.offWork(due), boss.offWork(queue)] : [];
      stopped.abort(new Error("The worker is stopping"));
      await Promise.allSettled(underWay);
      await Promise.all(off);
    },
  };
}

/** Returns the shop of a job. Checks it, because anyone may have sent the job. */
function shopOf({ data }: PgBossJob): string {
  return checkShop(typeof data === "object" && data !== null ? Reflect.get(data, "shop") : data);
}

function checkText(field: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw mustBe(field, "text", value);
}

/** From half a second, which is pg-boss's own limit, to a day. */
function checkSeconds(field: string, value: unknown): void {
  if (typeof value === "number" && value >= 0.5 && value <= DAY_IN_SECONDS) return;
  throw mustBe(field, `a number of seconds from 0.5 to ${DAY_IN_SECONDS}`, value);
}
