import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Random numbers that repeat with their seed, so that a failed run can be run again. */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** Returns a number from 0 up to, but not including, 1. */
  next(): number {
    return uniformFloat64(this.#generator);
  }

  /** Returns a number from `minimum` to `maximum`. */
  between(minimum: number, maximum: number): number {
    return minimum + this.next() * (maximum - minimum);
  }

  /** Returns one of the items. */
  pick<T>(first: T, ...rest: readonly T[]): T {
    return rest[uniformInt(this.#generator, 0, rest.length) - 1] ?? first;
  }

  /** Returns so many hexadecimal digits. */
  hex(digits: number): string {
    return Array.from({ length: digits }, () =>
      uniformInt(this.#generator, 0, 15).toString(16),
    ).join("");
  }

  /** Returns a UUID. */
  uuid(): string {
    const hex = this.hex(32);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join("-");
  }
}
