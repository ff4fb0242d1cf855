import type { CombinedError, OperationResult } from "@urql/core";
import { NetworkError } from "../errors/connection-errors.js";
import type { GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { Call, type AnswerHead } from "./call.js";
import { costOf } from "./cost.js";
import { graphQLFailure } from "./failure.js";
import type { Outcome } from "./layer.js";

/** What is read of a urql result. */
export type UrqlResult = Pick<OperationResult, "operation" | "data" | "error" | "extensions">;

/** An error as the answer has it: urql makes those without extensions anew, and loses their locations. */
function asGiven(error: CombinedError["graphQLErrors"][number]): GraphQLErrorEntry {
  return (error instanceof Error && error.originalError) || error;
}

function headOf({ context }: UrqlResult["operation"]): AnswerHead | null {
  const call: unknown = context["call"];
  return call instanceof Call ? call.head : null;
}

function classify(
  error: CombinedError,
  { operation, data, extensions }: UrqlResult,
): UsageBillingError {
  const { networkError, graphQLErrors } = error;
  if (networkError instanceof UsageBillingError) return networkError;
  const kind = operation.kind === "query" ? "query" : "mutation";
  if (networkError) {
    // From a fetch exchange that is not ours, which hides how far the request came.
    return new NetworkError(`The request failed: ${networkError.message}`, {
      certainty: kind === "query" ? "notApplied" : "unknown",
      cause: networkError,
    });
  }
  return graphQLFailure(graphQLErrors.map(asGiven), {
    kind,
    // urql leaves `data` undefined where the answer has none, null where it is null.
    hasData: data !== undefined,
    cost: costOf(extensions),
    head: headOf(operation),
  });
}

const classified = new WeakMap<CombinedError, UsageBillingError>();

/** Notes which failure an error stands for, so that it is not made anew. */
export function classifyAs(error: CombinedError, failure: UsageBillingError): void {
  classified.set(error, failure);
}

/** Why an operation failed, and whether it can have been executed; null where it did not fail. */
export function failureOf(result: UrqlResult): UsageBillingError | null {
  const { error } = result;
  if (!error) return null;
  let failure = classified.get(error);
  if (!failure) {
    failure = classify(error, result);
    classified.set(error, failure);
  }
  return failure;
}

/** What a urql result says. */
export function outcomeOf(result: UrqlResult): Outcome {
  const { data, error, extensions } = result;
  return {
    data,
    errors: error?.graphQLErrors.map(asGiven),
    extensions,
    cost: costOf(extensions),
    failure: failureOf(result),
  };
}
