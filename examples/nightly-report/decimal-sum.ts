/**
 * A sum of decimal strings, exact to the last digit.
 *
 * Added up as floats, 0.1 and 0.2 are 0.30000000000000004; an invoice is not the place for that.
 */
export class DecimalSum {
  /** The sum is `#units / 10 ** #scale`. */
  #units = 0n;
  #scale = 0;

  /** @param amount - as the Admin API prints it: `"12.5"`, `"-1.0"` */
  add(amount: string): void {
    const [whole = "", fraction = ""] = amount.split(".");
    const scale = Math.max(this.#scale, fraction.length);
    this.#units *= 10n ** BigInt(scale - this.#scale);
    this.#units += BigInt(whole + fraction) * 10n ** BigInt(scale - fraction.length);
    this.#scale = scale;
  }

  /** With two decimals, or with more where they are not zero. */
  toString(): string {
    const negative = this.#units < 0n;
    const digits = String(negative ? -this.#units : this.#units).padStart(this.#scale + 1, "0");
    const whole = digits.slice(0, digits.length - this.#scale);
    const fraction = digits.slice(digits.length - this.#scale).replace(/0+$/, "");
    return `${negative ? "-" : ""}${whole}.${fraction.padEnd(2, "0")}`;
  }
}
