import { getOperationName, type Exchange, type Operation, type OperationResult } from "@urql/core";
import { filter, makeSubject, merge, pipe, tap } from "wonka";
import { ThrottledError } from "../errors/throttled-error.js";
import { callOf } from "./call.js";
import { costOf } from "./cost.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import { Pace } from "./pace.js";
import type { Layer } from "./pipeline.js";

/** What the pacing exchange takes. */
export interface PacingExchangeOptions {
  readonly onEvent?: EventListener | undefined;
}

/** Points assumed for an operation before an answer told its `requestedQueryCost`. */
const FIRST_COST = { mutation: 10, query: 50, subscription: 0, teardown: 0 } as const;

/** An operation that waits for its turn, or whose turn it was. */
interface Turn {
  readonly operation: Operation;
  /** When it began to wait, on the clock of `performance.now()`. */
  readonly since: number;
  /** The points that were reserved for it; null while it waits. */
  reserved: number | null;
  dropped: boolean;
}

/** Turns in order of arrival. Those dropped are skipped when it is theirs, so that dropping moves nothing. */
class Queue {
  #turns: (Turn | undefined)[] = [];
  #head = 0;

  push(turn: Turn): void {
    this.#turns.push(turn);
  }

  first(): Turn | undefined {
    while (this.#turns[this.#head]?.dropped) this.shift();
    return this.#turns[this.#head];
  }

  shift(): void {
    this.#turns[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > 1_000 && this.#head * 2 > this.#turns.length) {
      this.#turns = this.#turns.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** What `requestedQueryCost` was last time, per document and page size. */
class CostTable {
  readonly #costs = new WeakMap<Operation["query"], Map<unknown, number>>();

  #pageSize({ variables }: Operation): unknown {
    return variables?.["first"] ?? variables?.["last"];
  }

  get(operation: Operation): number {
    const known = this.#costs.get(operation.query)?.get(this.#pageSize(operation));
    return known ?? FIRST_COST[operation.kind];
  }

  learn(operation: Operation, cost: number): void {
    let costs = this.#costs.get(operation.query);
    if (!costs) {
      costs = new Map();
      this.#costs.set(operation.query, costs);
    }
    costs.set(this.#pageSize(operation), cost);
  }
}

/** Sends operations in order, each in its time; see {@link pacingExchange}. */
export function pacing({ onEvent }: PacingExchangeOptions = {}): Layer {
  return (forward) => (operations$) => {
    const { source: sent$, next: send } = makeSubject<Operation>();
    const turns = new Map<number, Turn>();
    const fresh = new Queue();
    const again = new Queue();
    const costs = new CostTable();
    const pace = new Pace(performance.now());
    let on = true;
    let waiting = 0;
    let timer: ReturnType<typeof setTimeout> | null = null;

    const rest = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };

    const drain = (): void => {
      rest();
      for (;;) {
        const queue = again.first() ? again : fresh;
        const turn = queue.first();
        if (!turn) return;
        const { operation, since } = turn;
        const cost = costs.get(operation);
        const now = performance.now();
        const wait = on ? pace.wait(cost, now) : 0;
        if (wait === null) return; // The next answer drains.
        if (wait > 0) {
          rest();
          timer = setTimeout(drain, Math.ceil(wait));
          emit(onEvent, {
            type: "pacing",
            operationName: getOperationName(operation.query) ?? null,
            idempotencyKey: callOf(operation).idempotencyKey,
            wait,
            waiting,
          });
          return;
        }
        queue.shift();
        waiting -= 1;
        const call = callOf(operation);
        if (call.startedAt !== null) call.pacedFor += now - since;
        turn.reserved = cost;
        pace.sent(cost, now);
        send(operation);
      }
    };

    const queue = (operation: Operation): boolean => {
      const { kind, key } = operation;
      if (kind === "query" || kind === "mutation") {
        const since = performance.now();
        const turn: Turn = { operation, since, reserved: null, dropped: false };
        turns.set(key, turn);
        waiting += 1;
        (callOf(operation).attempts > 0 ? again : fresh).push(turn);
        // With a timer set, somebody before it waits already.
        if (timer === null) drain();
        return false;
      }
      const turn = turns.get(key);
      if (kind === "teardown" && turn) {
        turns.delete(key);
        if (turn.reserved === null) {
          turn.dropped = true;
          waiting -= 1;
          if (waiting === 0) rest();
        } else {
          pace.ended(turn.reserved, performance.now(), null, false);
          drain();
        }
      }
      return true;
    };

    const learn = (result: OperationResult): void => {
      const { operation, error, extensions } = result;
      const turn = turns.get(operation.key);
      turns.delete(operation.key);
      const cost = costOf(extensions);
      if (cost) costs.learn(operation, cost.requested);
      // A failure says nothing of whether answers carry their cost.
      if (cost || !error) on = cost !== null;
      if (turn && turn.reserved !== null) {
        const throttled = error !== undefined && failureOf(result) instanceof ThrottledError;
        const status = cost?.throttle ?? null;
        pace.ended(turn.reserved, performance.now(), status, throttled);
      }
      drain();
    };

    return pipe(merge([pipe(operations$, filter(queue)), sent$]), forward, tap(learn));
  };
}

/**
 * Sends operations in order of arrival, each when the shop's cost bucket holds its points.
 *
 * @remarks
 * A backlog then drains at the restore rate, with next to no `THROTTLED` answers, alone or beside
 * other processes that share the bucket. The bucket is estimated from `extensions.cost` of
 * each answer and the clock (https://shopify.dev/docs/api/usage/rate-limits); answers without it
 * turn pacing off. An operation that comes back to be sent again goes before those that were
 * never sent. The wait is ended by teardown alone.
 */
export function pacingExchange(options?: PacingExchangeOptions): Exchange {
  const layer = pacing(options);
  return ({ forward }) => layer(forward);
}
