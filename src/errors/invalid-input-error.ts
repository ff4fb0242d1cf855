import { UsageBillingError } from "./usage-billing-error.js";

/** An argument or option was refused before anything was sent. */
export class InvalidInputError extends UsageBillingError {
  override readonly name = "InvalidInputError" as const;
  /** The refused field, as a path: `price.amount`. */
  readonly field: string;

  /**
   * Begins the message with the field.
   *
   * @param field - the refused field's path
   * @param problem - the rest of the sentence: `must be a decimal string such as "1.50", got "1,50"`
   * @param remedy - what to do instead, if the problem does not say it
   */
  constructor(field: string, problem: string, remedy?: string) {
    super(`${field} ${problem}${remedy === undefined ? "" : `: ${remedy}`}`);
    this.field = field;
  }
}
