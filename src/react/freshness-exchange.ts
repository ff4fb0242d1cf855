import { makeOperation, type Exchange, type Operation } from "@urql/core";
import { map, onPush, pipe } from "wonka";

/** Milliseconds for which an answer is not asked for again: long enough to mount what shares it. */
const FRESH = 5_000;

/**
 * Shows from the cache what was read before, and reads it anew unless it is seconds old.
 *
 * @remarks
 * Balances change behind the browser's back, so that urql's `cache-first` would show old ones for
 * as long as the page lives; its `cache-and-network` would ask twice where two components, or React's
 * strict mode, read the same thing one after another.
 */
export const freshnessExchange: Exchange = ({ forward }) => {
  const readAt = new Map<number, number>();
  const freshen = (operation: Operation): Operation => {
    const { kind, key, context } = operation;
    const last = readAt.get(key);
    const old = last !== undefined && Date.now() - last > FRESH;
    return kind === "query" && context.requestPolicy === "cache-first" && old
      ? makeOperation(kind, operation, { ...context, requestPolicy: "cache-and-network" })
      : operation;
  };
  return (operations$) =>
    pipe(
      operations$,
      map(freshen),
      forward,
      onPush(({ operation, stale }) => {
        // A hit that was never read here was read by the server that rendered the page.
        const hit = operation.context.meta?.cacheOutcome === "hit";
        if (!stale && !(hit && readAt.has(operation.key))) readAt.set(operation.key, Date.now());
      }),
    );
};
