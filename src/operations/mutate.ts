import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { operationOf } from "../document.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import { execute, type Answer } from "../execute.js";
import type { CallOptions } from "../input.js";
import { isObject } from "../is-object.js";
import {
  narrowUserErrors,
  type PayloadOf,
  type PayloadWithUserErrors,
  type UserErrorOf,
} from "../narrow.js";
import type { MutationResult } from "../result.js";
import type { Transport } from "../transport/transport.js";
import { isKeyInUse, isUserError } from "../user-error.js";

/** The data of an operation that contains one mutation, whose payload has `userErrors`. */
export type MutationData = {
  readonly [field: string]: PayloadWithUserErrors | string | null | undefined;
};

/** The payload of an operation's only mutation. */
export type MutationPayload<Data extends MutationData> = Extract<
  Data[keyof Data],
  PayloadWithUserErrors
>;

function isPayload<Payload extends PayloadWithUserErrors>(value: unknown): value is Payload {
  return (
    isObject(value) && Array.isArray(value["userErrors"]) && value["userErrors"].every(isUserError)
  );
}

/** Returns the payload of the one mutation in the data, under any name or alias; `null` if there is none. */
export function payloadOf<Data extends MutationData>(
  answer: Answer<Data>,
): MutationPayload<Data> | null {
  const field = Object.keys(answer.data).find((name) => name !== "__typename");
  const payload: unknown = field === undefined ? null : answer.data[field];
  return isPayload<MutationPayload<Data>>(payload) ? payload : null;
}

/** Makes the error of a response whose payload cannot be read. */
export function unreadable(answer: Answer<unknown>, problem: string): UsageBillingError {
  return answer.fail(answer.failure ?? new InvalidResponseError(problem, { certainty: "unknown" }));
}

/**
 * Runs a typed mutation whose payload has `userErrors`, and narrows the result.
 *
 * @param problemOf - describes what is wrong with the payload of a success, or returns `null`
 */
export async function mutate<Data extends MutationData, Variables extends object>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options?: CallOptions,
  problemOf: (payload: unknown) => string | null = () => null,
): Promise<MutationResult<PayloadOf<MutationPayload<Data>>, UserErrorOf<MutationPayload<Data>>>> {
  if (operationOf(document).kind !== "mutation") {
    throw new InvalidInputError("document", "is a query", "run it with `query`");
  }
  const answer = await execute(transport, document, variables, options);
  const payload = payloadOf(answer);
  if (answer.failure || !payload) {
    throw unreadable(answer, "The response has no payload with user errors");
  }
  const narrowed = narrowUserErrors(payload);
  if (narrowed.ok) {
    const problem = problemOf(payload);
    if (problem === null) return { ...narrowed, meta: answer.meta };
    throw unreadable(answer, `The payload in the response is malformed: ${problem}`);
  }
  return {
    ...narrowed,
    certainty: answer.certainty,
    retryable: isKeyInUse(narrowed.userErrors),
    retryAfter: null,
    meta: answer.meta,
  };
}
