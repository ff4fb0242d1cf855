/** Numbers that look random and repeat with their seed, so that a failed run can be run again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds are spread apart; xorshift must not start at zero.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0 || 1;
    for (let warmUp = 0; warmUp < 8; warmUp++) this.next();
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** A number from `minimum` to `maximum`. */
  between(minimum: number, maximum: number): number {
    return minimum + this.next() * (maximum - minimum);
  }

  /** One of the items. */
  pick<T>(first: T, ...rest: readonly T[]): T {
    return rest[Math.floor(this.next() * (rest.length + 1)) - 1] ?? first;
  }

  /** Hexadecimal digits. */
  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    }
    return text.slice(0, digits);
  }

  /** An id such as Shopify's `X-Request-Id`. */
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
