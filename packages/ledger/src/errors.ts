/** The base class of the ledger's own errors. The billing client's errors are passed on unchanged. */
export abstract class UsageLedgerError extends Error {}

/** An argument or option is invalid. Nothing was written. */
export class InvalidUsageError extends UsageLedgerError {
  override readonly name = "InvalidUsageError" as const;
  /** The path of the invalid field, such as `price.amount`. */
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field} ${problem}`);
    this.field = field;
  }
}

/**
 * The billing client did not answer in time, and the ledger has stopped waiting.
 *
 * @remarks
 * Nothing is lost. A charge that the client may still be sending keeps its key, and is sent again with
 * that key by this process or another.
 */
export class BillingTimeoutError extends UsageLedgerError {
  override readonly name = "BillingTimeoutError" as const;
  readonly shop: string;

  constructor(shop: string, milliseconds: number) {
    super(
      `The billing client of ${shop} has not answered for ${milliseconds} ms. Unfinished charges ` +
        "will be sent again with the same keys. Check the client's timeout and retry, or raise answerWithin",
    );
    this.shop = shop;
  }
}

/** The ledger's tables do not fit this version of the package. The message says what to do. */
export class LedgerSchemaError extends UsageLedgerError {
  override readonly name = "LedgerSchemaError" as const;
}
