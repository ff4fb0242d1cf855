import type { ThrottleStatus } from "./cost.js";

/** Operations that may be under way before the first responses show how fast the shop's API is. */
const FIRST_WINDOW = 8;
/** Operations that may ever be under way: Shopify's highest rate, 200 charges a second, at 0.3 seconds each. */
const LARGEST_WINDOW = 64;
/** What the reserve grows by, in costs of the operation: after a throttled one, and after one that left almost nothing. */
const THROTTLED_STEP = 4;
const LOW_STEP = 1;
/** Below this many costs of the operation, next to nothing is left. */
const LOW = 2;
/** The reserve is forgotten in about three times the time that the bucket takes to fill. */
const FORGETTING = 0.3;
/** How much the last response weighs in the estimate of the rivals. */
const RIVALS_WEIGHT = 1 / 4;
/** How many points are left for rivals, for each one that they were seen to take. */
const RIVALS_FACTOR = 3;
/** Rivals count for three of our points at most: without a bound, a process that sends little would send less and less. */
const MOST_RIVALS = 3;

/** How an operation ended: with any response, with `THROTTLED` or 429, or not in time. */
export type FlightEnd = "answered" | "throttled" | "timedOut";

/** An operation under way, as {@link Pace} sent it off. */
export interface Flight {
  readonly cost: number;
  readonly sentAt: number;
  /** Points spent on all operations up to this one, which also orders them. */
  readonly spent: number;
  /** What the bucket would have held if this process had never sent anything; null before a response gave its level. */
  readonly unspent: number | null;
}

/**
 * Estimates a shop's leaky bucket of points, from what responses say and what was sent since.
 *
 * @remarks
 * All times are milliseconds of one monotonic clock, all costs are points. Other processes drain the
 * same bucket unseen. They are left room in two ways, tuned on a model of 1 to 16 processes:
 *
 * - Each point under way also stands for the points that others take meanwhile, as responses showed. Otherwise
 *   all of them would take at once what each of them sees: a full bucket at the start, or what
 *   was restored in a pause.
 * - Once it is nearly empty, all live on what is restored, and each believes the same points to be
 *   free. A reserve is left in the bucket, which grows with each round trip in which it ran out and
 *   fades with time. The process that sends most meets most of that, so that the shares become equal.
 *
 * What is reserved is spent later, not lost: a backlog still drains at the restore rate. And as in
 * TCP, a window limits what is under way and opens with the responses, so that they can still correct a first burst.
 */
export class Pace {
  /** What the bucket holds, as if everything under way had been taken already. */
  #level: number;
  #maximum: number;
  /** Points per millisecond. */
  #rate: number;
  /** When the level was brought up to date. */
  #at: number;
  #reserve = 0;
  /** When the reserve last grew: operations sent before that did not know it. */
  #reservedAt = -Infinity;
  /** Points that others took for each one of ours. */
  #rivals = 0;
  #window = FIRST_WINDOW;
  /** When the window was last halved. */
  #narrowedAt = -Infinity;
  #underWay = 0;
  /** Points of the operations under way. */
  #flying = 0;
  /** Points of all operations ever sent. */
  #spent = 0;
  /** `spent` of the latest operation whose response gave the level; -1 before the first. */
  #latest = -1;

  /** Starts with a bucket smaller than any that Shopify documents. */
  constructor(now: number, bucket = { maximumAvailable: 1_000, restoreRate: 50 }) {
    this.#level = bucket.maximumAvailable;
    this.#maximum = bucket.maximumAvailable;
    this.#rate = bucket.restoreRate / 1_000;
    this.#at = now;
  }

  /** Advances the estimate to the given time. */
  #advance(now: number): void {
    const restored = (now - this.#at) * this.#rate;
    this.#level = Math.min(this.#maximum, this.#level + restored);
    this.#reserve *= Math.exp((-restored * FORGETTING) / this.#maximum);
    this.#at = now;
  }

  /** Whether nothing more may be sent until an operation ends, however full the bucket is. */
  get isFull(): boolean {
    return this.#underWay >= LARGEST_WINDOW;
  }

  /** Returns the milliseconds until an operation of a cost may be sent: 0 for now, null for not before an operation ends. */
  wait(cost: number, now: number): number | null {
    if (this.#underWay >= this.#window) return null;
    this.#advance(now);
    const margin = this.#reserve + RIVALS_FACTOR * this.#rivals * this.#flying;
    // What costs more than the bucket can hold is sent when it is full; the server decides.
    const needed = Math.min(cost + Math.min(margin, this.#maximum / 2), this.#maximum);
    if (this.#level >= needed) return 0;
    if (this.#rate === 0) return this.#underWay > 0 ? null : 0;
    return (needed - this.#level) / this.#rate;
  }

  /** Notes that an operation is sent. */
  sent(cost: number, now: number): Flight {
    this.#advance(now);
    const unspent = this.#latest < 0 ? null : this.#level + this.#spent;
    this.#level -= cost;
    this.#flying += cost;
    this.#spent += cost;
    this.#underWay += 1;
    return { cost, sentAt: now, spent: this.#spent, unspent };
  }

  /** Notes how an operation ended, and what its response said about the bucket, if anything. */
  ended(flight: Flight, now: number, status: ThrottleStatus | null, end: FlightEnd): void {
    const throttled = end === "throttled";
    const { cost, sentAt, spent, unspent } = flight;
    const full = this.#underWay >= this.#window;
    this.#flying -= cost;
    this.#underWay -= 1;
    if (status) {
      if (full && !throttled) this.#window = Math.min(this.#window + 1, LARGEST_WINDOW);
      this.#maximum = status.maximumAvailable;
      this.#rate = status.restoreRate / 1_000;
    }
    if (end !== "answered") this.#narrow(flight, now);
    this.#advance(now);
    this.#settleReserve(flight, now, status, throttled);
    // Responses overtake each other, and an older one knows less.
    if (!status || spent < this.#latest) return;
    this.#latest = spent;
    const left = status.currentlyAvailable;
    if (unspent !== null) {
      const restored = (now - sentAt) * this.#rate;
      const taken = (unspent + restored - left - spent) / (this.#flying + cost);
      const rivals = Math.min(Math.max(taken, 0), MOST_RIVALS);
      this.#rivals += (rivals - this.#rivals) * RIVALS_WEIGHT;
    }
    // The level may or may not include what is under way; the safe reading is that it does not.
    this.#level = left - this.#flying;
  }

  /** Lets the reserve grow if the bucket ran out, once in a round trip. */
  #settleReserve(
    { cost, sentAt }: Flight,
    now: number,
    status: ThrottleStatus | null,
    throttled: boolean,
  ): void {
    const low = throttled || (status !== null && status.currentlyAvailable < LOW * cost);
    if (!low || sentAt < this.#reservedAt) return;
    this.#reservedAt = now;
    this.#reserve += (throttled ? THROTTLED_STEP : LOW_STEP) * cost;
    this.#reserve = Math.min(this.#reserve, this.#maximum / 4);
  }

  /**
   * Halves the window once in a round trip, as TCP does: what is throttled was too much for the bucket, and what
   * is not answered in time was too much for the server, which a full window would keep busy with work that nothing waits for.
   */
  #narrow({ sentAt }: Flight, now: number): void {
    if (sentAt < this.#narrowedAt) return;
    this.#narrowedAt = now;
    this.#window = Math.max(FIRST_WINDOW, this.#window / 2);
  }
}
