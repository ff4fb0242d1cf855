import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { AnyVariables, OperationResult } from "@urql/core";
import { onAbort } from "./abort.js";
import { AbortedError } from "./errors/connection-errors.js";
import { InvalidInputError } from "./errors/invalid-input-error.js";
import { InvalidResponseError } from "./errors/invalid-response-error.js";
import { UsageBillingError, withCallFacts, type Certainty } from "./errors/usage-billing-error.js";
import type { Meta } from "./result.js";
import { Call } from "./transport/call.js";
import { costOf } from "./transport/cost.js";
import { failureOf } from "./transport/failure.js";
import type { Pipeline, Run } from "./transport/pipeline.js";

/** What carries operations to one shop. */
export interface Transport {
  /** What operations run through; made on first use. */
  readonly pipeline: () => Pipeline;
  /** The API version of the documents. */
  readonly apiVersion: string;
  /** Does it run through an app's own urql client, whose exchanges may hide what was sent? */
  readonly foreign: boolean;
}

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

/** The root type of a document's one operation. */
export function operationKind(document: TypedDocumentNode<unknown, never>): "query" | "mutation" {
  const operations = document?.definitions?.filter(({ kind }) => kind === "OperationDefinition");
  const [operation] = operations ?? [];
  if (
    operations?.length !== 1 ||
    operation?.kind !== "OperationDefinition" ||
    operation.operation === "subscription"
  ) {
    throw new InvalidInputError(
      "document",
      "does not hold exactly one query or mutation",
      "give the typed document of one operation",
    );
  }
  return operation.operation;
}

/** What all attempts of a call together leave open; `unknown` where the transport hides the attempts. */
function certaintyOf(kind: "query" | "mutation", call: Call, last: Certainty): Certainty {
  if (kind !== "mutation") return "notApplied";
  return call.mayHaveExecuted || last === "unknown" ? "unknown" : "notApplied";
}

/** Runs an operation until its result comes or the signal aborts. */
function settle<Data, Variables extends AnyVariables>(
  { pipeline, foreign }: Transport,
  { kind, document, variables, call }: Omit<Run<Data, Variables>, "done">,
  signal: AbortSignal | undefined,
): Promise<OperationResult<Data>> {
  return new Promise((resolve, reject) => {
    const run = pipeline();
    let cancel = (): void => undefined;
    const abort = (): void => {
      const hidden = foreign && call.attempts === 0;
      const open = hidden || call.inFlight || call.mayHaveExecuted;
      cancel();
      reject(
        withCallFacts(new AbortedError("The call was aborted", { cause: signal?.reason }), {
          certainty: kind === "mutation" && open ? "unknown" : "notApplied",
          idempotencyKey: call.idempotencyKey,
          attempts: hidden ? null : call.attempts,
        }),
      );
    };
    const release = onAbort(signal, abort);
    const done = (result: OperationResult<Data>): void => {
      release();
      resolve(result);
    };
    cancel = run({ kind, document, variables, call, done });
    // A listener to the first events may have aborted already, when there was nothing to cancel.
    if (signal?.aborted) cancel();
  });
}

/**
 * One round trip, with all its attempts: typed document and variables in, data out.
 *
 * @throws UsageBillingError where no data came, complete with what the whole call knows
 */
export async function execute<Data, Variables extends AnyVariables>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { signal, idempotencyKey }: ExecuteOptions = {},
): Promise<Answer<Data>> {
  const kind = operationKind(document);
  const call = new Call(idempotencyKey ?? null);
  if (signal?.aborted) {
    throw withCallFacts(
      new AbortedError("The call was aborted before it began", { cause: signal.reason }),
      { certainty: "notApplied", idempotencyKey: call.idempotencyKey, attempts: 0 },
    );
  }
  const result = await settle(transport, { kind, document, variables, call }, signal);
  const { data, extensions } = result;
  const failure = failureOf(result);
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
    cost: costOf(extensions),
    test: null,
    warnings: [],
  };
  const earlier = hidden ? "unknown" : "notApplied";
  const fail = <E extends UsageBillingError>(error: E, certainty?: Certainty): E =>
    withCallFacts(error, {
      certainty: certainty ?? certaintyOf(kind, call, hidden ? "unknown" : error.certainty),
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
    data,
    failure,
    meta,
    date: call.head?.date ?? null,
    duration: call.startedAt === null ? 0 : performance.now() - call.startedAt,
    certainty: certaintyOf(kind, call, earlier),
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
export async function query<Data, Variables extends AnyVariables>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options?: ExecuteOptions,
): Promise<Answer<Data>> {
  const answer = await execute(transport, document, variables, options);
  if (answer.failure) throw answer.fail(answer.failure);
  return answer;
}
