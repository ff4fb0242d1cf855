import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { AbortedError } from "./errors/connection-errors.js";
import { InvalidResponseError } from "./errors/invalid-response-error.js";
import { isUsageBillingError } from "./errors/is-usage-billing-error.js";
import {
  withCallFacts,
  type Certainty,
  type UsageBillingError,
} from "./errors/usage-billing-error.js";
import type { Meta } from "./result.js";
import type { CallSettings } from "./transport/call.js";
import { costOf } from "./transport/cost.js";
import { failureOf } from "./transport/failure.js";
import { saysKeyInUse } from "./transport/retrying.js";
import { operationFor, type Transport } from "./transport/transport.js";

/** What one round trip takes besides document and variables. */
export interface ExecuteOptions extends CallSettings {
  readonly signal?: AbortSignal | undefined;
}

/** An answer that has data, whatever GraphQL errors stand beside it. */
export interface Answer<Data> {
  readonly data: Data;
  /** The GraphQL errors beside the data, as the error they stand for. */
  readonly failure: UsageBillingError | null;
  readonly meta: Meta;
  /** When the server answered, by its own clock: the `Date` header. `null` if the transport hides it. */
  readonly date: string | null;
  /** Milliseconds from the first attempt to the answer. */
  readonly duration: number;
  /** Whether the call may have had its effect, if this answer is a refusal. */
  readonly certainty: Certainty;
  /** Completes an error that the answer's reader found; a certainty that is given stands, whatever the attempts left open. */
  readonly fail: <E extends UsageBillingError>(error: E, certainty?: Certainty) => E;
}

/**
 * Makes one round trip, with all its attempts: typed document and variables in, data out.
 *
 * @throws UsageBillingError if no data came, complete with what the whole call knows
 */
export async function execute<Data, Variables extends object>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { signal, ...settings }: ExecuteOptions = {},
): Promise<Answer<Data>> {
  const { operation, call } = operationFor(transport, document, variables, settings);
  const fail = <E extends UsageBillingError>(error: E, certainty?: Certainty): E =>
    withCallFacts(error, {
      ...call.facts,
      ...(certainty && { certainty }),
      status: error.status ?? call.head?.status ?? null,
      requestId: error.requestId ?? call.head?.requestId ?? null,
      body: error.body ?? call.body?.() ?? null,
    });

  // Not left to the transport: it would ask for a token.
  if (signal?.aborted) {
    const { reason: cause } = signal;
    throw fail(new AbortedError("The call was aborted before it began", { cause }));
  }
  const result = await transport.send(operation, signal);
  if (signal?.aborted) {
    throw fail(new AbortedError("The call was aborted", { cause: signal.reason }));
  }
  const failure = failureOf(result);
  const { data } = result;
  if (data === undefined || data === null) {
    throw fail(failure ?? new InvalidResponseError("The answer has no data"));
  }
  return {
    data: data as Data, // what the document asked for; `readAnswer` catches what is not
    failure,
    meta: {
      requestId: call.head?.requestId ?? null,
      attempts: call.facts.attempts,
      idempotencyKey: call.idempotencyKey,
      apiVersion: { requested: transport.apiVersion, served: call.head?.servedVersion ?? null },
      cost: costOf(result.extensions),
      test: null,
      warnings: [],
    },
    date: call.head?.date ?? null,
    duration: call.startedAt === null ? 0 : performance.now() - call.startedAt,
    certainty: saysKeyInUse(data) ? call.certainty : call.certaintyOfRefusal,
    fail,
  };
}

/**
 * Reads an answer's data.
 *
 * @throws InvalidResponseError instead of a `TypeError` if the answer has another shape than was asked for
 */
export function readAnswer<Data, T>(answer: Answer<Data>, read: (data: Data) => T): T {
  try {
    return read(answer.data);
  } catch (cause) {
    if (isUsageBillingError(cause)) throw answer.fail(cause);
    throw answer.fail(
      new InvalidResponseError("The answer has another shape than was asked for", { cause }),
    );
  }
}

/** Makes a round trip that only reads. @throws UsageBillingError even if errors stand beside the data */
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
