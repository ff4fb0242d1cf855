import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { charge } from "./charge.js";
import { due } from "./due.js";
import { checkNames, checkSignal, checkWhole, DAY, mustBe } from "./input.js";
import type { LedgerContext } from "./options.js";

/** Options of `run`. */
export interface RunOptions {
  /** Ends the run: results under way are noted, then the promise resolves. */
  readonly signal: AbortSignal;
  /** How many shops are charged at once. @defaultValue 4 */
  readonly shops?: number | undefined;
  /** Milliseconds between two queries for shops that are due. @defaultValue 5000 */
  readonly pollInterval?: number | undefined;
}

/** Charges every shop that is due, until the signal aborts. */
export async function run(context: LedgerContext, options: RunOptions): Promise<void> {
  checkNames(options, ["signal", "shops", "pollInterval"]);
  const signal = checkSignal(options.signal);
  if (!signal) throw mustBe("signal", "an AbortSignal", signal);
  const shops = checkWhole("shops", options.shops ?? 4, 1, 1000);
  const pollInterval = checkWhole("pollInterval", options.pollInterval ?? 5000, 1, DAY);
  if (signal.aborted) return;
  const underWay = new Map<string, Promise<void>>();
  /** Shops that have just failed. Otherwise they would be tried over and over. */
  const resting = new Set<string>();
  let awake = new AbortController();
  // Its own signal: a listener for each shop under way makes Node.js warn of a leak.
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const end = (): void => {
    ending.abort(signal.reason);
    awake.abort();
  };
  signal.addEventListener("abort", end, { once: true });

  const start = (shop: string): void => {
    const work = charge(context, shop, { signal: ending.signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        if (signal.aborted) return;
        resting.add(shop);
        setTimeout(() => resting.delete(shop), pollInterval).unref();
        context.emit({ type: "error", shop, error });
      })
      .finally(() => {
        underWay.delete(shop);
        awake.abort();
      });
    underWay.set(shop, work);
  };

  while (!signal.aborted) {
    awake = new AbortController();
    let found: readonly string[] = [];
    try {
      found = await due(context, { limit: shops + underWay.size + resting.size });
    } catch (error) {
      // The database may be restarting; the shops stay due.
      context.emit({ type: "error", shop: null, error });
    }
    for (const shop of found) {
      if (underWay.size >= shops || signal.aborted) break;
      if (!underWay.has(shop) && !resting.has(shop)) start(shop);
    }
    // Until a shop is done, which makes room, or it is time to ask again.
    await delay(pollInterval, undefined, { signal: awake.signal }).catch(() => undefined);
  }
  signal.removeEventListener("abort", end);
  await Promise.allSettled(underWay.values());
}
