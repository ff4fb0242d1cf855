import { answerCommands } from "./commands.js";
import { accessTokenOf, recordId, type Charged, type Shop } from "./charge.js";
import { heapUsed } from "./heap.js";

/** Makes one charge. */
export type Charge = (idempotencyKey: string) => Promise<Charged>;

/** Makes the client that a contender charges one shop with. */
export type Connect = (shop: Shop) => Charge;

let events = 0;

async function chargeOnce(charge: Charge): Promise<void> {
  events += 1;
  const { id, price } = await charge(`event-${events}`);
  if (id !== recordId || Number(price.amount) !== 1) throw new Error(`${id} is not what was asked`);
}

/** As many calls as asked, so many at once: each of them begins when one before it has ended. */
async function chargeAll(next: () => Charge | undefined, concurrency: number): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let charge = next(); charge; charge = next()) await chargeOnce(charge);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** The program of a contender: charges on command, and tells what it took. */
export function contend(connect: Connect): void {
  const [endpoint = ""] = process.argv.slice(2);
  const connectTo = (index: number): Charge =>
    connect({ endpoint, shop: `shop-${index}.myshopify.com`, accessToken: accessTokenOf(index) });
  const charge = connectTo(0);
  let held: Charge[] = [];

  answerCommands({
    /** Milliseconds of wall clock, and of processor in all threads of this process. */
    charge: async ({ calls = 0, concurrency = 1 }) => {
      globalThis.gc?.();
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

    /** Bytes of heap per client, made and after its first call. */
    hold: async ({ clients = 0 }) => {
      const chargeEach = (charges: readonly Charge[]): Promise<void> => {
        const remaining = charges.values();
        return chargeAll(() => remaining.next().value, 50);
      };
      // What the first clients and calls load stays out of the account.
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
