import { getOperationName, type Exchange, type Operation, type OperationResult } from "@urql/core";
import { filter, makeSubject, merge, pipe, tap } from "wonka";
import { ThrottledError } from "../errors/throttled-error.js";
import { callOf } from "./call.js";
import { costOf } from "./cost.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import { Pace, type Flight } from "./pace.js";
import type { Layer } from "./pipeline.js";

/** What the pacing exchange takes. */
export interface PacingExchangeOptions {
  readonly onEvent?: EventListener | undefined;
}

/** Points assumed for an operation before an answer told its `requestedQueryCost`. */
const FIRST_COST = { mutation: 10, query: 50, subscription: 0, teardown: 0 } as const;

/** Milliseconds after which the wait is reckoned anew, however long it seems. */
const LONGEST_WAIT = 60_000;

/** An operation that waits for its turn, or whose turn it was. */
interface Turn {
  readonly operation: Operation;
  /** When it began to wait, on the clock of `performance.now()`. */
  readonly since: number;
  /** Null while it waits. */
  flight: Flight | null;
  /** Was the listener told that it waits? */
  told: boolean;
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
    let draining = false;
    let timer: ReturnType<typeof setTimeout> | null = null;

    const rest = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };

    const first = (): Turn | undefined => again.first() ?? fresh.first();

    const drain = (): void => {
      rest();
      for (let turn = first(); turn; turn = first()) {
        const { operation, since } = turn;
        const cost = costs.get(operation);
        const now = performance.now();
        const wait = on ? pace.wait(cost, now) : 0;
        if (wait === null) return; // The next answer drains.
        if (wait > 0) {
          timer = setTimeout(drain, Math.min(Math.ceil(wait), LONGEST_WAIT));
          tell(turn, wait);
          return;
        }
        (again.first() === turn ? again : fresh).shift();
        waiting -= 1;
        const call = callOf(operation);
        if (call.startedAt !== null) call.pacedFor += now - since;
        turn.flight = pace.sent(cost, now);
        send(operation);
        // Answered at once, which may have drained the rest already.
        rest();
      }
    };

    /** Drains after what happens now: one signal may end thousands, and none of them is to be sent before it is its turn. */
    const drainSoon = (): void => {
      if (draining) return;
      draining = true;
      void Promise.resolve().then(() => {
        draining = false;
        drain();
      });
    };

    /** Tells of each turn once, not of each time that its wait is reckoned. */
    const tell = (turn: Turn, wait: number): void => {
      if (turn.told) return;
      turn.told = true;
      const { operation } = turn;
      emit(onEvent, {
        type: "pacing",
        operationName: getOperationName(operation.query) ?? null,
        idempotencyKey: callOf(operation).idempotencyKey,
        wait,
        waiting,
      });
    };

    /** Forgets an operation, waiting or under way, whose answer nobody wants. */
    const drop = (turn: Turn): void => {
      turns.delete(turn.operation.key);
      const wasFirst = first() === turn;
      if (turn.flight) {
        pace.ended(turn.flight, performance.now(), null, false);
      } else {
        turn.dropped = true;
        waiting -= 1;
      }
      // Looking for the first lets go of those dropped before it.
      if (!first()) rest();
      else if (turn.flight || wasFirst) drainSoon();
    };

    const queue = (operation: Operation): boolean => {
      const { kind, key } = operation;
      const earlier = turns.get(key);
      if (kind === "query" || kind === "mutation") {
        if (earlier) drop(earlier);
        const since = performance.now();
        const turn: Turn = { operation, since, flight: null, told: false, dropped: false };
        turns.set(key, turn);
        waiting += 1;
        (callOf(operation).attempts > 0 ? again : fresh).push(turn);
        // With a timer set, somebody before it waits already.
        if (timer === null) drain();
        return false;
      }
      if (kind === "teardown" && earlier) drop(earlier);
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
      if (turn?.flight) {
        const throttled = error !== undefined && failureOf(result) instanceof ThrottledError;
        pace.ended(turn.flight, performance.now(), cost?.throttle ?? null, throttled);
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
