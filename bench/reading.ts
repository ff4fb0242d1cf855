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
      globalThis.gc?.();
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

    /** Bytes of heap in use at a record, after a garbage collection. */
    heap: async ({ records = 0, at = 0 }) => {
      const before = await heapUsed();
      let count = 0;
      let bytes = 0;
      await read(endpointOf(records), () => {
        count += 1;
        if (count !== at) return;
        globalThis.gc?.();
        bytes = process.memoryUsage().heapUsed - before;
      });
      return { bytes };
    },
  });
}
