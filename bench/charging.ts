import { answerCommands } from "./commands.js";
import { accessTokenOf, recordId, type Charged, type Shop } from "./charge.js";
import { heapUsed } from "./heap.js";

/** Makes one charge. */
export type Charge = (idempotencyKey: string) => Promise<Charged>;

/** Makes a contender's client for one shop. */
export type Connect = (shop: Shop) => Charge;

let events = 0;

async function chargeOnce(charge: Charge): Promise<void> {
  events += 1;
  const { id, price } = await charge(`event-${events}`);
  if (id !== recordId || Number(price.amount) !== 1)
    throw new Error(`${id} is not the requested record`);
}

/** Makes the calls with the given concurrency: each starts when an earlier one has ended. */
async function chargeAll(next: () => Charge | undefined, concurrency: number): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let charge = next(); charge; charge = next()) await chargeOnce(charge);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** A contender's program: charges on command, and reports the time and memory used. */
export function contend(connect: Connect): void {
  const [endpoint = ""] = process.argv.slice(2);
  const connectTo = (index: number): Charge =>
    connect({ endpoint, shop: `shop-${index}.myshopify.com`, accessToken: accessTokenOf(index) });
  const charge = connectTo(0);
  let held: Charge[] = [];

  answerCommands({
    /** Milliseconds of wall-clock time, and of CPU time in all threads of this process. */
    charge: async ({ calls = 0, concurrency = 1 }) => {
      // No garbage collection is forced: it would give memory back that each call then faults in
      // again, and clear away the last round's timers and listeners at nobody's expense.
      let left = calls;
      const next = (): Charge | undefined => {
        left -= 1;
        return left < 0 ? undefined : charge;
      };
      const before = process.cpuUsage();
      const start = performance.now();
      await chargeAll(next, concurrency);
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      return { wall, cpu: (user + system) / 1_000 };
    },

    /** Bytes of heap per client, when created and after its first call. */
    hold: async ({ clients = 0 }) => {
      const chargeEach = (charges: readonly Charge[]): Promise<void> => {
        const remaining = charges.values();
        return chargeAll(() => remaining.next().value, 50);
      };
      // Not counted: what the first clients and calls load.
      await chargeEach(Array.from({ length: 200 }, (_, index) => connectTo(index)));
      const before = await heapUsed();
      held = Array.from({ length: clients }, (_, index) => connectTo(index));
      const made = await heapUsed();
      await chargeEach(held);
      const called = await heapUsed();
      return { made: (made - before) / clients, called: (called - before) / held.length };
    },
  });
}
