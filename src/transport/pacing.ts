import type { Operation, OperationResult } from "@urql/core";
import { onAbort } from "../abort.js";
import { operationOf, type DocumentOperation } from "../document.js";
import { callOf } from "./call.js";
import { costOf } from "./cost.js";
import { emit, type EventListener } from "./events.js";
import { failureOf } from "./failure.js";
import { Pace, type Flight, type FlightEnd } from "./pace.js";
import { abortedResult, type Send } from "./send.js";

/** Points assumed for an operation before a response says its `requestedQueryCost`. */
const FIRST_COST = { mutation: 10, query: 50 } as const;

/** Milliseconds after which a wait is computed again. */
const LONGEST_WAIT = 60_000;

/** The last `requestedQueryCost` of each document and page size. */
class CostTable {
  readonly #costs = new WeakMap<DocumentOperation, Map<unknown, number>>();

  get({ query, variables }: Operation): number {
    const document = operationOf(query);
    return this.#costs.get(document)?.get(pageSizeOf(variables)) ?? FIRST_COST[document.kind];
  }

  learn({ query, variables }: Operation, cost: number): void {
    const document = operationOf(query);
    const costs = this.#costs.get(document) ?? new Map<unknown, number>();
    this.#costs.set(document, costs.set(pageSizeOf(variables), cost));
  }
}

function pageSizeOf(variables: Operation["variables"]): unknown {
  return variables?.["first"] ?? variables?.["last"];
}

function endOf(failure: ReturnType<typeof failureOf>): FlightEnd {
  if (failure?.name === "ThrottledError") return "throttled";
  return failure?.name === "TimeoutError" ? "timedOut" : "answered";
}

/** An operation that waits for its turn. */
interface Turn {
  readonly operation: Operation;
  /** When it began to wait, on the clock of `performance.now()`. */
  readonly since: number;
  /** Lets it go. */
  readonly take: (flight: Flight) => void;
  isAnnounced: boolean;
}

/** Gives one shop's operations their turns in order, retries first, each when the cost bucket has room for it. */
class Pacer {
  readonly #onEvent: EventListener | undefined;
  readonly #pace = new Pace(performance.now());
  readonly #costs = new CostTable();
  readonly #fresh = new Set<Turn>();
  readonly #retries = new Set<Turn>();
  /** Whether responses say what they cost; otherwise nothing waits for the bucket. */
  #isPaced = true;
  #isDraining = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(onEvent: EventListener | undefined) {
    this.#onEvent = onEvent;
  }

  /** Resolves when the operation may be sent. `null` if the signal aborts first. */
  turn(
    operation: Operation,
    signal: AbortSignal | undefined,
  ): Flight | null | Promise<Flight | null> {
    if (signal?.aborted) return null;
    const since = performance.now();
    if (this.#waiting === 0) {
      const cost = this.#costs.get(operation);
      if (this.#wait(cost, since) === 0) return this.#pace.sent(cost, since);
    }
    return new Promise((resolve) => {
      const queue = callOf(operation).sendings > 0 ? this.#retries : this.#fresh;
      const take = (flight: Flight): void => {
        release();
        resolve(flight);
      };
      const turn = { operation, since, take, isAnnounced: false };
      queue.add(turn);
      const release = onAbort(signal, () => {
        queue.delete(turn);
        resolve(null);
        this.#drainSoon();
      });
      // With a timer set, another one waits before it.
      if (this.#timer === null) this.#drain();
    });
  }

  /** Learns from a result, and gives the next turns. */
  done(operation: Operation, flight: Flight, result: OperationResult): void {
    const failure = failureOf(result);
    const cost = costOf(result.extensions);
    if (cost) this.#costs.learn(operation, cost.requested);
    // Not after a failure: it may lack the cost that other responses have.
    if (cost || !failure) this.#isPaced = cost !== null;
    this.#pace.ended(flight, performance.now(), cost?.throttle ?? null, endOf(failure));
    this.#drain();
  }

  get #waiting(): number {
    return this.#fresh.size + this.#retries.size;
  }

  #wait(cost: number, now: number): number | null {
    if (this.#isPaced) return this.#pace.wait(cost, now);
    return this.#pace.isFull ? null : 0;
  }

  #drain(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const queue of [this.#retries, this.#fresh]) {
      for (const turn of queue) {
        const cost = this.#costs.get(turn.operation);
        const now = performance.now();
        const wait = this.#wait(cost, now);
        if (wait === null) return; // The next result drains.
        if (wait > 0) {
          this.#timer = setTimeout(() => this.#drain(), Math.min(Math.ceil(wait), LONGEST_WAIT));
          this.#announce(turn, wait);
          return;
        }
        queue.delete(turn);
        const call = callOf(turn.operation);
        if (call.startedAt !== null) call.pacedFor += now - turn.since;
        turn.take(this.#pace.sent(cost, now));
      }
    }
  }

  /** Drains once for all operations that one signal aborts; there may be thousands. */
  #drainSoon(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    queueMicrotask(() => {
      this.#isDraining = false;
      this.#drain();
    });
  }

  /** Emits one event for each turn, not one each time that its wait is computed. */
  #announce(turn: Turn, wait: number): void {
    if (turn.isAnnounced) return;
    turn.isAnnounced = true;
    emit(this.#onEvent, {
      type: "pacing",
      operationName: operationOf(turn.operation.query).name,
      idempotencyKey: callOf(turn.operation).idempotencyKey,
      wait,
      waiting: this.#waiting,
    });
  }
}

/**
 * Sends operations in order of arrival, each when the shop's cost bucket has room for it.
 *
 * @remarks
 * A backlog drains at the restore rate with almost no `THROTTLED` responses, also beside other processes
 * that share the bucket. The bucket is estimated from each response's `extensions.cost` and the clock
 * (https://shopify.dev/docs/api/usage/rate-limits); responses without it turn pacing off. Only
 * the signal ends a wait.
 */
export function pacing(next: Send, onEvent: EventListener | undefined): Send {
  const pacer = new Pacer(onEvent);
  return async (operation, signal) => {
    const flight = await pacer.turn(operation, signal);
    if (!flight) return abortedResult(operation);
    const result = await next(operation, signal);
    pacer.done(operation, flight, result);
    return result;
  };
}
