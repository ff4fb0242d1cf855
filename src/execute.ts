import { onAbort } from "./abort.js";
import { operationOf } from "./document.js";
import { AbortedError } from "./errors/connection-errors.js";
import { InvalidResponseError } from "./errors/invalid-response-error.js";
import { UsageBillingError, withCallFacts, type Certainty } from "./errors/usage-billing-error.js";
import type { Meta } from "./result.js";
import { Call } from "./transport/call.js";
import type { Outcome } from "./transport/layer.js";
import type { Transport } from "./transport/transport.js";
import type { TypedDocumentNode } from "./typed-document-node.js";

/** What one round trip takes besides document and variables. */
export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** An answer that has data, whatever GraphQL errors stand beside it. */
export interface Answer<Data> {
  readonly data: Data;
  /** The GraphQL errors beside the data, as the error they stand for. */
  readonly failure: UsageBillingError | null;
  readonly meta: Meta;
  /** When the server answered, by its own clock: the `Date` header; null where hidden. */
  readonly date: string | null;
  /** Milliseconds from the first sending to the answer. */
  readonly duration: number;
  /** Can an earlier attempt have been executed? */
  readonly certainty: Certainty;
  /** Completes an error that the answer's reader found; a certainty given stands, whatever the attempts left open. */
  readonly fail: <E extends UsageBillingError>(error: E, certainty?: Certainty) => E;
}

/** What all attempts of a call together leave open; `unknown` where the transport hides the attempts. */
function certaintyOf(call: Call, last: Certainty): Certainty {
  if (call.operation.kind === "query") return "notApplied";
  return call.mayHaveExecuted || last === "unknown" ? "unknown" : "notApplied";
}

/** Carries a call to its outcome, or until the signal aborts. */
function settle(
  { send, foreign }: Transport,
  call: Call,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (!signal) {
      send(call, resolve);
      return;
    }
    const release = onAbort(signal, () => {
      const hidden = foreign && call.attempts === 0;
      const open = hidden || call.inFlight || call.mayHaveExecuted;
      reject(
        withCallFacts(new AbortedError("The call was aborted", { cause: signal.reason }), {
          certainty: call.operation.kind === "mutation" && open ? "unknown" : "notApplied",
          idempotencyKey: call.idempotencyKey,
          attempts: hidden ? null : call.attempts,
        }),
      );
      call.cancel(); // Its outcome comes too late.
    });
    send(call, (outcome) => {
      release();
      resolve(outcome);
    });
  });
}

/**
 * One round trip, with all its attempts: typed document and variables in, data out.
 *
 * @throws UsageBillingError where no data came, complete with what the whole call knows
 */
export async function execute<Data, Variables extends object>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { signal, idempotencyKey }: ExecuteOptions = {},
): Promise<Answer<Data>> {
  const operation = operationOf(document);
  const call = new Call(operation, variables, idempotencyKey ?? null);
  if (signal?.aborted) {
    throw withCallFacts(
      new AbortedError("The call was aborted before it began", { cause: signal.reason }),
      { certainty: "notApplied", idempotencyKey: call.idempotencyKey, attempts: 0 },
    );
  }
  const { data, failure, cost } = await settle(transport, call, signal);
  const hidden = transport.foreign && call.attempts === 0;
  const attempts = hidden ? null : call.attempts;
  const meta: Meta = {
    requestId: call.head?.requestId ?? null,
    attempts,
    idempotencyKey: call.idempotencyKey,
    apiVersion: {
      requested: transport.apiVersion,
      served: call.head?.servedVersion ?? null,
    },
    cost,
    test: null,
    warnings: [],
  };
  const earlier = hidden ? "unknown" : "notApplied";
  const fail = <E extends UsageBillingError>(error: E, certainty?: Certainty): E =>
    withCallFacts(error, {
      certainty: certainty ?? certaintyOf(call, hidden ? "unknown" : error.certainty),
      idempotencyKey: error.idempotencyKey ?? call.idempotencyKey,
      attempts,
      status: error.status ?? call.head?.status ?? null,
      requestId: error.requestId ?? call.head?.requestId ?? null,
    });
  if (data === undefined || data === null) {
    throw fail(
      failure ?? new InvalidResponseError("The answer has no data", { certainty: "unknown" }),
    );
  }
  return {
    data: data as Data, // what the document asked for; `readAnswer` catches what is not
    failure,
    meta,
    date: call.head?.date ?? null,
    duration: call.startedAt === null ? 0 : performance.now() - call.startedAt,
    certainty: certaintyOf(call, earlier),
    fail,
  };
}

/**
 * Reads an answer's data; what an answer of another shape makes fail is an
 * `InvalidResponseError` rather than a `TypeError`.
 */
export function readAnswer<Data, T>(answer: Answer<Data>, read: (data: Data) => T): T {
  try {
    return read(answer.data);
  } catch (cause) {
    if (cause instanceof UsageBillingError) throw answer.fail(cause);
    throw answer.fail(
      new InvalidResponseError("The answer has another shape than was asked for", {
        certainty: "unknown",
        cause,
      }),
    );
  }
}

/** A round trip that only reads: data, or a thrown error also where errors stand beside the data. */
export async function query<Data, Variables extends object>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options?: ExecuteOptions,
): Promise<Answer<Data>> {
  const answer = await execute(transport, document, variables, options);
  if (answer.failure) throw answer.fail(answer.failure);
  return answer;
}
