import type { ThrottleStatus } from "./cost.js";

/** Operations that may be under way before the first answers tell how fast the shop's API is. */
const FIRST_WINDOW = 8;

/**
 * An estimate of a shop's leaky bucket of points, from what answers tell and what was sent since.
 *
 * @remarks
 * All times are milliseconds of one monotonic clock, all costs points. Other processes drain the
 * same bucket unseen. They show as a fall of the level that the own sendings do not explain: what
 * they took lately is kept as a margin that is left in the bucket for them. And as in TCP, a window on
 * what is under way opens with each answer, so that a first burst is not larger than what the
 * answers can correct.
 */
export class Pace {
  #level: number;
  #maximum: number;
  /** Points per millisecond. */
  #rate: number;
  #at: number;
  #margin = 0;
  #window = FIRST_WINDOW;
  #underWay = 0;
  #reserved = 0;

  /** Starts with a bucket smaller than any that Shopify documents. */
  constructor(now: number, bucket = { maximumAvailable: 1_000, restoreRate: 50 }) {
    this.#level = bucket.maximumAvailable;
    this.#maximum = bucket.maximumAvailable;
    this.#rate = bucket.restoreRate / 1_000;
    this.#at = now;
  }

  #refill(now: number): void {
    this.#level = Math.min(this.#maximum, this.#level + (now - this.#at) * this.#rate);
    this.#at = now;
  }

  /** Milliseconds until an operation of a cost may be sent: 0 for at once, null for not before an answer comes. */
  wait(cost: number, now: number): number | null {
    if (this.#underWay >= this.#window) return null;
    this.#refill(now);
    // What costs more than the bucket holds is sent when it is full; the server decides.
    const needed = Math.min(cost + this.#margin, this.#maximum);
    if (this.#level >= needed) return 0;
    if (this.#rate === 0) return this.#underWay > 0 ? null : 0;
    return (needed - this.#level) / this.#rate;
  }

  /** Notes that an operation was sent. */
  sent(cost: number, now: number): void {
    this.#refill(now);
    this.#level -= cost;
    this.#reserved += cost;
    this.#underWay += 1;
  }

  /** Notes how an operation ended, and what its answer told of the bucket, if anything. */
  ended(cost: number, now: number, status: ThrottleStatus | null, throttled: boolean): void {
    this.#reserved -= cost;
    this.#underWay -= 1;
    if (!status) return;
    this.#refill(now);
    this.#maximum = status.maximumAvailable;
    this.#rate = status.restoreRate / 1_000;
    // The level told may or may not include what is under way; the safe reading is that it does not.
    const told = status.currentlyAvailable - this.#reserved;
    const taken = this.#level - told;
    this.#level = told;
    this.#margin = Math.min(Math.max(taken, this.#margin * 0.95), this.#maximum / 2);
    if (throttled) this.#window = Math.max(FIRST_WINDOW, this.#window / 2);
    else this.#window += 1;
  }
}
