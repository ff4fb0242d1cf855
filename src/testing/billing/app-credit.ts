import { dateTime } from "../platform/clock.js";
import { globalId } from "./global-id.js";
import type { Money } from "./money.js";

/** A credit that a test gives, as the app's developer does in the Partner Dashboard. */
export interface AppCreditOptions {
  /** A decimal string or a number, above zero, in USD. */
  readonly amount: string | number;
  readonly description: string;
  /** Default: false. */
  readonly test?: boolean;
}

/** Money that the app owes the merchant: an `AppCredit` of the API. */
export class AppCredit {
  readonly id: string;
  readonly amount: Money;
  readonly description: string;
  readonly test: boolean;
  readonly createdAt: string;
  readonly #number: number;

  /** @internal */
  constructor(number: number, amount: Money, options: AppCreditOptions, createdAt: number) {
    this.#number = number;
    this.id = globalId("AppCredit", number);
    this.amount = amount;
    this.description = options.description;
    this.test = options.test ?? false;
    this.createdAt = dateTime(createdAt);
  }

  /** @internal */
  get __typename(): "AppCredit" {
    return "AppCredit";
  }

  /** @internal */
  get number(): number {
    return this.#number;
  }
}
