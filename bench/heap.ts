import { setImmediate } from "node:timers/promises";

/** Returns the bytes of heap in use after a garbage collection. */
export async function heapUsed(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}
