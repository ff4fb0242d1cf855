/** The base of the ledger's own errors. What the billing client throws is passed on as it is. */
export abstract class UsageLedgerError extends Error {}

/** An argument or option was refused before anything was written. */
export class InvalidUsageError extends UsageLedgerError {
  override readonly name = "InvalidUsageError" as const;
  /** The refused field, as a path: `price.amount`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field} ${problem}`);
    this.field = field;
  }
}

/**
 * The billing client did not answer in time, so that the ledger no longer waits for it.
 *
 * @remarks
 * Nothing is lost. A charge that the client may still be sending keeps its key and is sent again with
 * it, by this process or another one.
 */
export class BillingTimeoutError extends UsageLedgerError {
  override readonly name = "BillingTimeoutError" as const;
  readonly shop: string;

  constructor(shop: string, milliseconds: number) {
    super(
      `The billing client of ${shop} has not answered for ${milliseconds} ms. Unfinished charges ` +
        "are sent again with their keys. Check the client's timeout and retry options, or raise answerWithin",
    );
    this.shop = shop;
  }
}

/** The database's tables do not fit this version of the package; the message says what to do. */
export class LedgerSchemaError extends UsageLedgerError {
  override readonly name = "LedgerSchemaError" as const;
}
