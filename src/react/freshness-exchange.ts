import { makeOperation, type Exchange, type Operation } from "@urql/core";
import { map, onPush, pipe } from "wonka";

/**
 * How long a response counts as fresh, in milliseconds: long enough to mount the components that
 * share it.
 */
const FRESH = 5_000;

/**
 * Shows the cached response at once, and reads again if it is more than a few seconds old.
 *
 * @remarks
 * Balances change without the browser's doing. With urql's `cache-first`, a page would show old
 * ones for as long as it is open; with `cache-and-network`, two components that read the same
 * thing, or React's strict mode, would send the request twice.
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
        // A hit that this exchange never read comes from the server that rendered the page.
        const hit = operation.context.meta?.cacheOutcome === "hit";
        if (!stale && !(hit && readAt.has(operation.key))) readAt.set(operation.key, Date.now());
      }),
    );
};
