import type { Operation } from "@urql/core";
import type { Certainty } from "../errors/usage-billing-error.js";

/** What the transport saw of the last answer's head; null where it was hidden or absent. */
export interface AnswerHead {
  readonly status: number;
  readonly requestId: string | null;
  readonly servedVersion: string | null;
  /** When the server answered, by its own clock: the `Date` header. */
  readonly date: string | null;
  /** The wait that it asks for, in milliseconds. */
  readonly retryAfter: number | null;
}

/**
 * What the exchanges learn of one call, over all its attempts.
 *
 * @remarks
 * It travels in the operation's context, which exchanges copy but keep by reference, so
 * that it survives whatever stands between ours. It never holds the access token.
 */
export class Call {
  /** How often the request was handed to `fetch`. */
  attempts = 0;
  /** When it was first sent, on the clock of `performance.now()`; null before. */
  startedAt: number | null = null;
  /** Milliseconds waited for pace since the first sending; the deadline does not count them. */
  pacedFor = 0;
  /** Is an attempt under way whose outcome is open? */
  inFlight = false;
  /** Did an attempt end in a way that leaves open whether the server executed it? */
  mayHaveExecuted = false;
  head: AnswerHead | null = null;

  /** The idempotency key that the operation carries; null where it has none. */
  readonly idempotencyKey: string | null;

  constructor(idempotencyKey: string | null = null) {
    this.idempotencyKey = idempotencyKey;
  }

  /** Notes that an attempt is handed to `fetch`. */
  begin(now: number): void {
    this.attempts += 1;
    this.startedAt ??= now;
    this.inFlight = true;
    this.head = null;
  }

  /** Notes how an attempt ended. */
  end(certainty: Certainty | null): void {
    this.inFlight = false;
    if (certainty === "unknown") this.mayHaveExecuted = true;
  }

  /** Milliseconds since the first sending, without those waited for pace. */
  elapsed(now: number): number {
    return this.startedAt === null ? 0 : now - this.startedAt - this.pacedFor;
  }
}

/** The call that an operation belongs to, or a new one where an app's own urql client dispatched it. */
export function callOf(operation: Operation): Call {
  const call: unknown = operation.context["call"];
  return call instanceof Call ? call : new Call();
}
