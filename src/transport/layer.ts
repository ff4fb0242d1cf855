import { AbortedError } from "../errors/connection-errors.js";
import type { GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import type { Call } from "./call.js";
import type { QueryCost } from "./cost.js";

/** How one attempt, or a whole call, ended. */
export interface Outcome {
  /** As answered: undefined where there was no answer, or where it has none. */
  readonly data: unknown;
  readonly errors: readonly GraphQLErrorEntry[] | undefined;
  readonly extensions: unknown;
  /** What the answer cost; null where it does not tell. */
  readonly cost: QueryCost | null;
  /** Why it failed, and whether it can have been executed; null where it did not fail. */
  readonly failure: UsageBillingError | null;
}

/** Is told how a call ended, once, also where it was cancelled. */
export type Done = (outcome: Outcome) => void;

/**
 * Carries a call to its outcome.
 *
 * @remarks
 * By callback, not by promise: a promise for each layer is most of what a call under way holds, and each
 * turn of the queue would be a gap in which it may be cancelled.
 */
export type Send = (call: Call, done: Done) => void;

/** Stands before the next sender, as a urql exchange stands before the next exchange. */
export type Layer = (next: Send) => Send;

/** The outcome of a call that no answer came to. */
export function failed(failure: UsageBillingError): Outcome {
  return { data: undefined, errors: undefined, extensions: undefined, cost: null, failure };
}

/** The outcome of a call that was cancelled before it was sent. */
export function cancelled(): Outcome {
  return failed(new AbortedError("The call was aborted", { certainty: "notApplied" }));
}
