import { setImmediate } from "node:timers/promises";

/** Bytes of heap in use after what can go is gone. */
export async function heapUsed(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}
