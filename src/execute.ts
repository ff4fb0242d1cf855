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

/** The options of one round trip. */
export interface ExecuteOptions extends CallSettings {
  readonly signal?: AbortSignal | undefined;
}

/** A response that has data, with or without GraphQL errors. */
export interface Answer<Data> {
  readonly data: Data;
  /** The GraphQL errors beside the data, as one error of this package. */
  readonly failure: UsageBillingError | null;
  readonly meta: Meta;
  /**
   * When the server responded, by its own clock: the `Date` header. `null` if the transport hides
   * it.
   */
  readonly date: string | null;
  /** Milliseconds from the first attempt to the response. */
  readonly duration: number;
  /** Whether the call can have been applied, if this response is a refusal. */
  readonly certainty: Certainty;
  /**
   * Adds the call's facts to an error that was found in the response. A given certainty overrides
   * the call's.
   */
  readonly fail: <E extends UsageBillingError>(error: E, certainty?: Certainty) => E;
}

/**
 * Makes one round trip, with all its attempts: typed document and variables in, data out.
 *
 * @throws UsageBillingError if no data came, with all facts of the call
 */
export async function execute<Data, Variables extends object>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: ExecuteOptions = {},
): Promise<Answer<Data>> {
  const { signal } = options;
  const { operation, call } = operationFor(transport, document, variables, options);
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
    throw fail(failure ?? new InvalidResponseError("The response has no data"));
  }
  return {
    data: data as Data, // the type that the document promises; `readAnswer` catches any other
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
 * Reads a response's data.
 *
 * @throws InvalidResponseError instead of a `TypeError` if the response does not have the requested
 * shape
 */
export function readAnswer<Data, T>(answer: Answer<Data>, read: (data: Data) => T): T {
  try {
    return read(answer.data);
  } catch (cause) {
    if (isUsageBillingError(cause)) throw answer.fail(cause);
    throw answer.fail(
      new InvalidResponseError("The response does not have the requested shape", { cause }),
    );
  }
}

/**
 * Makes a round trip that only reads.
 *
 * @throws UsageBillingError even if there is data beside the errors
 */
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
