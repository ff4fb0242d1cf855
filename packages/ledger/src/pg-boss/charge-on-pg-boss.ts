import type { ChargeReport } from "../charge.js";
import { checkNames, checkShop, checkWhole, mustBe } from "../input.js";
import type { UsageLedger } from "../ledger.js";
import type { PgBoss, PgBossJob } from "./boss.js";

/** How shops are charged on pg-boss. */
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
   * Seconds after which a job is given to another worker, because its own may have died. A shop with
   * more charges than fit into four fifths of it is enqueued again for the rest. From 10 to 86399.
   * @defaultValue 300
   */
  readonly expireIn?: number | undefined;
  /** How often a job that failed is tried again before it becomes a dead letter. @defaultValue 5 */
  readonly retryLimit?: number | undefined;
  /** Seconds between two looks of an idle worker at the queue, at least 0.5. @defaultValue 2 */
  readonly pollInterval?: number | undefined;
}

/** A ledger that is charged on pg-boss. */
export interface PgBossEngine {
  /** Enqueues a shop at once: after `resume`, for example. Returns whether it was not waiting already. */
  readonly enqueue: (shop: string) => Promise<boolean>;
  /** Enqueues every shop that is due, as the schedule does. Returns how many were not waiting already. */
  readonly enqueueDue: () => Promise<number>;
  /**
   * Takes no more jobs and ends those under way: what has been sent is settled, and pg-boss tries them
   * again. Call it before `boss.stop()`.
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
/** Milliseconds after which queues and schedule are created again, if somebody has emptied pg-boss's tables. */
const ARRANGE = 300_000;

/**
 * Charges the shops that are due on pg-boss, in as many processes as call it.
 *
 * @remarks
 * Creates three queues: `usage-ledger` with a job for each shop that is due, `usage-ledger-due` with
 * the job that the schedule sends, and `usage-ledger-failed` with the dead letters. A shop waits in
 * the queue once at most (pg-boss's policy `short`), and the ledger lets one worker at a time charge it.
 * The output of a job is what `charge` returned.
 *
 * pg-boss only says when. The truth stays in the ledger's own tables: a shop whose job is lost or has
 * become a dead letter is due nevertheless, and is enqueued again.
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

  /** Idempotent. The dead letters' queue comes first, because the shops' queue names it. */
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
    // Before pg-boss gives the job to another worker.
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
  // One worker each, not a batch: pg-boss completes or fails a batch as a whole.
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
      // No job is taken any more before those under way are told to end.
      const off = shops > 0 ? [boss.offWork(due), boss.offWork(queue)] : [];
      stopped.abort(new Error("The worker is stopping"));
      await Promise.allSettled(underWay);
      await Promise.all(off);
    },
  };
}

/** The shop of a job, which anybody may have sent. */
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
