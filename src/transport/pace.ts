import type { ThrottleStatus } from "./cost.js";

/** Operations that may be under way before the first answers show how fast the shop's API is. */
const FIRST_WINDOW = 8;
/** Operations that may ever be under way: Shopify's highest rate, 200 charges a second, at 0.3 seconds each. */
const LARGEST_WINDOW = 64;
/** What the reserve grows by, in costs of the operation: after a throttled one, and after one that left almost nothing. */
const THROTTLED_STEP = 4;
const LOW_STEP = 1;
/** Below this many costs of the operation next to nothing is left. */
const LOW = 2;
/** The reserve is forgotten in about three times the time that the bucket takes to fill. */
const FORGETTING = 0.3;
/** How much of the last answer goes into the estimate of the rivals. */
const RIVALS_WEIGHT = 1 / 4;
/** How many points are left for rivals, for each that they were seen to take. */
const RIVALS_FACTOR = 3;
/** Rivals count for three of our points at most: without a bound, who sends little would send less and less. */
const MOST_RIVALS = 3;

/** An operation under way, as {@link Pace} sent it off. */
export interface Flight {
  readonly cost: number;
  readonly sentAt: number;
  /** Points spent on all operations up to this one, which also orders them. */
  readonly spent: number;
  /** What the bucket would have held if this process never had sent anything; null before an answer told its level. */
  readonly unspent: number | null;
}

/**
 * An estimate of a shop's leaky bucket of points, from what answers tell and what was sent since.
 *
 * @remarks
 * All times are milliseconds of one monotonic clock, all costs points. Other processes drain the
 * same bucket unseen, and are left room by two means, tuned on a model of 1 to 16 processes:
 *
 * - Each point under way counts for those that others take meanwhile, as answers showed it. Otherwise
 *   all would help themselves at once to what all of them see: to a full bucket at the beginning, to
 *   what came together in a pause.
 * - Once it is nearly empty, all live on what is restored, and everybody takes the same points for
 *   free. A reserve is left in the bucket, larger after each round trip in which it ran out, and
 *   forgotten with time. Whoever sends most meets most of that, so that the shares become equal.
 *
 * What is reserved is spent later, not lost: a backlog still drains at the restore rate. And as in
 * TCP, a window on what is under way opens with the answers, so that a first burst is not larger than what
 * they can correct.
 */
export class Pace {
  /** What the bucket holds, as if all that is under way had been taken already. */
  #level: number;
  #maximum: number;
  /** Points per millisecond. */
  #rate: number;
  /** When the level was brought up to date. */
  #at: number;
  #reserve = 0;
  /** When the reserve last grew: what was sent before that knew nothing of it. */
  #reservedAt = -Infinity;
  /** Points that others took for each one of ours. */
  #rivals = 0;
  #window = FIRST_WINDOW;
  #underWay = 0;
  /** Points of the operations under way. */
  #flying = 0;
  /** Points of all operations ever sent. */
  #spent = 0;
  /** `spent` of the latest operation whose answer told the level; -1 before the first. */
  #told = -1;

  /** Starts with a bucket smaller than any that Shopify documents. */
  constructor(now: number, bucket = { maximumAvailable: 1_000, restoreRate: 50 }) {
    this.#level = bucket.maximumAvailable;
    this.#maximum = bucket.maximumAvailable;
    this.#rate = bucket.restoreRate / 1_000;
    this.#at = now;
  }

  /** Brings the estimate up to the given time. */
  #advance(now: number): void {
    const restored = (now - this.#at) * this.#rate;
    this.#level = Math.min(this.#maximum, this.#level + restored);
    this.#reserve *= Math.exp((-restored * FORGETTING) / this.#maximum);
    this.#at = now;
  }

  /** Whether nothing more may be sent until something is answered, whatever the bucket holds. */
  get isFull(): boolean {
    return this.#underWay >= LARGEST_WINDOW;
  }

  /** Milliseconds until an operation of a cost may be sent: 0 for at once, null for not before an answer comes. */
  wait(cost: number, now: number): number | null {
    if (this.isFull || this.#underWay >= this.#window) return null;
    this.#advance(now);
    const margin = this.#reserve + RIVALS_FACTOR * this.#rivals * this.#flying;
    // What costs more than the bucket holds is sent when it is full; the server decides.
    const needed = Math.min(cost + Math.min(margin, this.#maximum / 2), this.#maximum);
    if (this.#level >= needed) return 0;
    if (this.#rate === 0) return this.#underWay > 0 ? null : 0;
    return (needed - this.#level) / this.#rate;
  }

  /** Notes that an operation is sent. */
  sent(cost: number, now: number): Flight {
    this.#advance(now);
    const unspent = this.#told < 0 ? null : this.#level + this.#spent;
    this.#level -= cost;
    this.#flying += cost;
    this.#spent += cost;
    this.#underWay += 1;
    return { cost, sentAt: now, spent: this.#spent, unspent };
  }

  /** Notes how an operation ended, and what its answer told of the bucket, if anything. */
  ended(flight: Flight, now: number, status: ThrottleStatus | null, throttled: boolean): void {
    const { cost, sentAt, spent, unspent } = flight;
    const full = this.#underWay >= this.#window;
    this.#flying -= cost;
    this.#underWay -= 1;
    if (status) {
      if (full && !throttled) this.#window += 1;
      this.#maximum = status.maximumAvailable;
      this.#rate = status.restoreRate / 1_000;
    }
    this.#advance(now);
    this.#settleReserve(flight, now, status, throttled);
    // Answers overtake each other: an older one knows less.
    if (!status || spent < this.#told) return;
    this.#told = spent;
    const left = status.currentlyAvailable;
    if (unspent !== null) {
      const restored = (now - sentAt) * this.#rate;
      const taken = (unspent + restored - left - spent) / (this.#flying + cost);
      const rivals = Math.min(Math.max(taken, 0), MOST_RIVALS);
      this.#rivals += (rivals - this.#rivals) * RIVALS_WEIGHT;
    }
    // What was told may or may not include what is under way; the safe reading is that it does not.
    this.#level = left - this.#flying;
  }

  /** Lets the reserve grow where the bucket ran out, once in a round trip. */
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
    if (throttled) this.#window = Math.max(FIRST_WINDOW, this.#window / 2);
  }
}
