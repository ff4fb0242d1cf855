import type { Money } from "shopify-usage-billing";
import { add, price } from "../output/price.js";

/** Adds up prices exactly, by currency. */
export class Sums {
  readonly #amounts = new Map<string, string>();
  #count = 0;

  /** The number of prices added. */
  get count(): number {
    return this.#count;
  }

  add({ amount, currencyCode }: Money): void {
    this.#count += 1;
    this.#amounts.set(currencyCode, add(this.#amounts.get(currencyCode) ?? "0", amount));
  }

  /** Returns the sums in the order in which their currencies first appeared. */
  all(): readonly Money[] {
    return [...this.#amounts].map(([currencyCode, amount]) => ({ amount, currencyCode }));
  }

  /** Formats the sums: `12.50 USD and 3.00 EUR`. */
  text(): string {
    return this.all().map(price).join(" and ");
  }
}
