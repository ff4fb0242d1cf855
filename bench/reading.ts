import { answerCommands } from "./commands.js";
import { heapUsed } from "./heap.js";

/** What every reader must return of a record. */
export interface ReadRecord {
  readonly id: string;
}

/** Reads all records of the server's connection, in order. */
export type Read = (endpoint: string, each: (record: ReadRecord) => void) => Promise<void>;

/** A reader's program: reads on command, and reports the time and memory used. */
export function readOnCommand(read: Read): void {
  const [origin = ""] = process.argv.slice(2);
  const endpointOf = (records: number): string => `${origin}?records=${records}`;

  answerCommands({
    /** Milliseconds of wall-clock time, and of CPU time in all threads of this process. */
    read: async ({ records = 0 }) => {
      // No garbage collection is forced, for the same reasons as before charges.
      const before = process.cpuUsage();
      const start = performance.now();
      let count = 0;
      let sum = 0;
      await read(endpointOf(records), ({ id }) => {
        count += 1;
        sum += Number(id.slice("gid://shopify/AppUsageRecord/".length));
      });
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      if (count !== records || sum !== (records * (records + 1)) / 2) {
        throw new Error(`${count} records were read, not ${records}, or not each of them once`);
      }
      return { wall, cpu: (user + system) / 1_000 };
    },

    /**
     * Bytes of heap in use, above the start, at the middle of one reading and at nine tenths of it.
     *
     * @remarks
     * Garbage is collected at each twentieth: what a finalizer holds is free only after it has run,
     * between two collections.
     */
    heap: async ({ records = 0 }) => {
      const before = await heapUsed();
      const step = records / 20;
      let count = 0;
      let middle = 0;
      let late = 0;
      await read(endpointOf(records), () => {
        count += 1;
        if (count % step !== 0) return;
        globalThis.gc?.();
        const bytes = process.memoryUsage().heapUsed - before;
        if (count === 10 * step) middle = bytes;
        if (count === 18 * step) late = bytes;
      });
      return { middle, late };
    },
  });
}
