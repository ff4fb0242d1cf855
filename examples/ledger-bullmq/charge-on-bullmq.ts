/**
 * The usage ledger on BullMQ: a queue on Redis says when each shop is charged, over as many machines
 * as run this.
 *
 * The truth is in the ledger's tables in PostgreSQL. Redis may lose all that it has: the shops that are
 * due are enqueued again.
 */
import { Queue, Worker } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import type { UsageLedger } from "shopify-usage-ledger";

/** Where the queue is, and what it charges. */
export interface LedgerOnBullMqOptions {
  readonly ledger: Pick<UsageLedger, "charge" | "due">;
  readonly redis: RedisOptions;
  /** How many shops this process charges at once. */
  readonly shops?: number;
  /** Milliseconds between two looks for shops that are due, by all processes together. */
  readonly every?: number;
}

/** A worker, and the queue that it takes shops from. */
export interface LedgerOnBullMq {
  /** Enqueues a shop at once: after `ledger.resume`, for example. */
  readonly enqueue: (shop: string) => Promise<void>;
  readonly queue: Queue;
  readonly stop: () => Promise<void>;
}

const NAME = "usage-ledger";

export async function chargeOnBullMq({
  ledger,
  redis,
  shops = 4,
  every = 60_000,
}: LedgerOnBullMqOptions): Promise<LedgerOnBullMq> {
  const connection = new Redis({ ...redis, maxRetriesPerRequest: null });
  const queue = new Queue(NAME, { connection });
  const stopped = new AbortController();

  const enqueue = async (shop: string): Promise<void> => {
    await queue.add(
      "charge",
      { shop },
      {
        // One job a shop, from being enqueued to its end.
        deduplication: { id: shop },
        attempts: 5,
        backoff: { type: "exponential", delay: 5000 },
        removeOnComplete: { age: 24 * 3600 },
        removeOnFail: { age: 14 * 24 * 3600 }, // BullMQ's dead letters
      },
    );
  };

  const worker = new Worker<{ shop?: string }>(
    NAME,
    async ({ data: { shop } }) => {
      if (shop !== undefined) return await ledger.charge(shop, { signal: stopped.signal });
      const due = await ledger.due({ limit: 1000 });
      for (const each of due) await enqueue(each);
      return { due: due.length };
    },
    { connection, concurrency: shops, lockDuration: 60_000 },
  );
  worker.on("error", () => undefined); // Redis is away; BullMQ connects again

  // At each connection, because Redis may come back with nothing in it.
  const schedule = async (): Promise<void> => {
    await queue.upsertJobScheduler("due", { every }, { name: "due", data: {} });
  };
  await schedule();
  connection.on("ready", () => void schedule().catch(() => undefined));
  connection.on("error", () => undefined);

  return {
    enqueue,
    queue,
    stop: async () => {
      stopped.abort(new Error("The worker is stopping"));
      await worker.close();
      await queue.close();
      connection.disconnect();
    },
  };
}
