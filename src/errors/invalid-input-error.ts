import { UsageBillingError } from "./usage-billing-error.js";

/** An argument or option was refused before anything was sent. */
export class InvalidInputError extends UsageBillingError {
  override readonly name = "InvalidInputError" as const;
  /** The refused field, as a path: `price.amount`. */
  readonly field: string;

  /**
   * @param field - the refused field's path
   * @param problem - what is wrong with its value
   * @param remedy - what would be right
   */
  constructor(field: string, problem: string, remedy: string) {
    super(`${field} ${problem}: ${remedy}`);
    this.field = field;
  }
}
