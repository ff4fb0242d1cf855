import type { DocumentOperation } from "../document.js";
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

/** One call: what it sends, and what was learnt of it over all its attempts. It never holds the access token. */
export class Call {
  readonly operation: DocumentOperation;
  readonly variables: object;
  /** The idempotency key that the operation carries; null where it has none. */
  readonly idempotencyKey: string | null;

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
  cancelled = false;
  /** Ends what the call waits for, wherever it is: for its turn, for an answer, before it is sent again. */
  stop: (() => void) | null = null;

  constructor(operation: DocumentOperation, variables: object, idempotencyKey: string | null) {
    this.operation = operation;
    this.variables = variables;
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

  /** May it be sent again although the server may have executed it? A query may, and a mutation that carries its keys. */
  get isRepeatable(): boolean {
    const { kind, keyVariables } = this.operation;
    if (kind === "query") return true;
    return keyVariables?.every((name) => Boolean(Reflect.get(this.variables, name))) ?? false;
  }

  /** Stops it: nothing of it is sent any more, and nobody waits for its outcome. */
  cancel(): void {
    this.cancelled = true;
    this.stop?.();
    this.stop = null;
  }
}
