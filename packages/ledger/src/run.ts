import { setTimeout as delay } from "node:timers/promises";
import { charge } from "./charge.js";
import { due } from "./due.js";
import { checkNames, checkSignal, checkWhole, DAY, mustBe } from "./input.js";
import type { LedgerContext } from "./options.js";

/** How `run` works. */
export interface RunOptions {
  /** Ends the run: what is under way is finished, then the promise resolves. */
  readonly signal: AbortSignal;
  /** How many shops are charged at once. @defaultValue 4 */
  readonly shops?: number | undefined;
  /** Milliseconds between two looks at the database for shops that are due. @defaultValue 5000 */
  readonly pollInterval?: number | undefined;
}

/** Charges every shop that is due, until the signal aborts. */
export async function run(context: LedgerContext, options: RunOptions): Promise<void> {
  checkNames(options, ["signal", "shops", "pollInterval"]);
  const signal = checkSignal(options.signal);
  if (!signal) throw mustBe("signal", "an AbortSignal", signal);
  const shops = checkWhole("shops", options.shops ?? 4, 1, 1000);
  const pollInterval = checkWhole("pollInterval", options.pollInterval ?? 5000, 1, DAY);
  const underWay = new Map<string, Promise<void>>();

  const start = (shop: string): void => {
    const work = charge(context, shop, { signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!signal.aborted) context.emit({ type: "error", shop, error });
      })
      .finally(() => underWay.delete(shop));
    underWay.set(shop, work);
  };

  while (!signal.aborted) {
    let found: readonly string[] = [];
    try {
      found = await due(context, { limit: shops + underWay.size });
    } catch (error) {
      // The database may be restarting; what is due is due then, too.
      context.emit({ type: "error", shop: null, error });
    }
    for (const shop of found) {
      while (underWay.size >= shops && !signal.aborted) await Promise.race(underWay.values());
      if (signal.aborted) break;
      if (!underWay.has(shop)) start(shop);
    }
    // A full page may not be all: ask again as soon as there is room.
    if (found.length > 0 && underWay.size > 0) await Promise.race(underWay.values());
    else await delay(pollInterval, undefined, { signal }).catch(() => undefined);
  }
  await Promise.allSettled(underWay.values());
}
