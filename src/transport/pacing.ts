import type { DocumentOperation } from "../document.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { Call } from "./call.js";
import { emit, type EventListener } from "./events.js";
import { cancelled, type Layer, type Outcome } from "./layer.js";
import { Pace, type Flight } from "./pace.js";

/** What pacing takes. */
export interface PacingOptions {
  readonly onEvent?: EventListener | undefined;
}

/** Points assumed for an operation before an answer told its `requestedQueryCost`. */
const FIRST_COST = { mutation: 10, query: 50 } as const;

/** Milliseconds after which the wait is reckoned anew, however long it seems. */
const LONGEST_WAIT = 60_000;

type Go = (flight: Flight | null) => void;

/** A call that waits for its turn. */
interface Turn {
  readonly call: Call;
  /** When it began to wait, on the clock of `performance.now()`. */
  readonly since: number;
  /** Lets it go; null tells that it was cancelled. */
  readonly go: Go;
  /** Was the listener told that it waits? */
  told: boolean;
}

/** Turns in order of arrival. Those cancelled are skipped when it is theirs, so that cancelling moves nothing. */
class Queue {
  #turns: (Turn | undefined)[] = [];
  #head = 0;

  push(turn: Turn): void {
    this.#turns.push(turn);
  }

  first(): Turn | undefined {
    while (this.#turns[this.#head]?.call.cancelled) this.shift();
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
  readonly #costs = new WeakMap<DocumentOperation, Map<unknown, number>>();

  #pageSize({ variables }: Call): unknown {
    return Reflect.get(variables, "first") ?? Reflect.get(variables, "last");
  }

  get(call: Call): number {
    const known = this.#costs.get(call.operation)?.get(this.#pageSize(call));
    return known ?? FIRST_COST[call.operation.kind];
  }

  learn(call: Call, cost: number): void {
    let costs = this.#costs.get(call.operation);
    if (!costs) {
      costs = new Map();
      this.#costs.set(call.operation, costs);
    }
    costs.set(this.#pageSize(call), cost);
  }
}

/** The calls of one shop: those under way, and those that wait. */
class Pacer {
  readonly #onEvent: EventListener | undefined;
  readonly #pace = new Pace(performance.now());
  readonly #costs = new CostTable();
  readonly #fresh = new Queue();
  readonly #again = new Queue();
  /** Do answers tell their cost? */
  #on = true;
  #waiting = 0;
  #draining = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(onEvent: EventListener | undefined) {
    this.#onEvent = onEvent;
  }

  /** Lets a call go at once, or when it is its turn. */
  enter(call: Call, go: Go): void {
    const since = performance.now();
    if (this.#waiting === 0) {
      const cost = this.#costs.get(call);
      if (this.#wait(cost, since) === 0) {
        go(this.#pace.sent(cost, since));
        return;
      }
    }
    (call.attempts > 0 ? this.#again : this.#fresh).push({ call, since, go, told: false });
    this.#waiting += 1;
    call.stop = () => this.#drop(go);
    // With a timer set, somebody before it waits already.
    if (this.#timer === null) this.#drain();
  }

  /** Learns from an answer, and lets those go whose turn it is. */
  leave(call: Call, flight: Flight, { cost, failure }: Outcome): void {
    if (cost) this.#costs.learn(call, cost.requested);
    // A failure says nothing of whether answers carry their cost.
    if (cost || !failure) this.#on = cost !== null;
    const throttled = failure instanceof ThrottledError;
    this.#pace.ended(flight, performance.now(), cost?.throttle ?? null, throttled);
    // One signal may end thousands, and none of them is to be sent before it is its turn.
    if (call.cancelled) this.#drainSoon();
    else if (this.#waiting > 0) this.#drain();
  }

  #wait(cost: number, now: number): number | null {
    return this.#on ? this.#pace.wait(cost, now) : 0;
  }

  #first(): Turn | undefined {
    return this.#again.first() ?? this.#fresh.first();
  }

  #rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #drain(): void {
    this.#rest();
    for (let turn = this.#first(); turn; turn = this.#first()) {
      const { call, since, go } = turn;
      const cost = this.#costs.get(call);
      const now = performance.now();
      const wait = this.#wait(cost, now);
      if (wait === null) return; // The next answer drains.
      if (wait > 0) {
        this.#rest(); // Those that were answered at once may have set it.
        const delay = Math.min(Math.ceil(wait), LONGEST_WAIT);
        this.#timer = setTimeout(() => this.#drain(), delay);
        this.#tell(turn, wait);
        return;
      }
      (this.#again.first() === turn ? this.#again : this.#fresh).shift();
      this.#waiting -= 1;
      if (call.startedAt !== null) call.pacedFor += now - since;
      call.stop = null;
      go(this.#pace.sent(cost, now));
    }
  }

  #drainSoon(): void {
    if (this.#draining || this.#waiting === 0) return;
    this.#draining = true;
    void Promise.resolve().then(() => {
      this.#draining = false;
      this.#drain();
    });
  }

  /** Forgets a cancelled call that waits. */
  #drop(go: Go): void {
    this.#waiting -= 1;
    go(null);
    // Looking for the first lets go of those cancelled before it.
    if (this.#first()) this.#drainSoon();
    else this.#rest();
  }

  /** Tells of each turn once, not of each time that its wait is reckoned. */
  #tell(turn: Turn, wait: number): void {
    if (turn.told) return;
    turn.told = true;
    const { operation, idempotencyKey } = turn.call;
    emit(this.#onEvent, {
      type: "pacing",
      operationName: operation.name,
      idempotencyKey,
      wait,
      waiting: this.#waiting,
    });
  }
}

/** Sends calls in order of arrival, each when the shop's cost bucket holds its points; `pacingExchange` tells more. */
export function pacing({ onEvent }: PacingOptions = {}): Layer {
  return (next) => {
    const pacer = new Pacer(onEvent);
    return (call, done) => {
      pacer.enter(call, (flight) => {
        if (!flight) {
          done(cancelled());
          return;
        }
        next(call, (outcome) => {
          pacer.leave(call, flight, outcome);
          done(outcome);
        });
      });
    };
  };
}
