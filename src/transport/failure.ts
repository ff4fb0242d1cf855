import type { CombinedError, OperationResult } from "@urql/core";
import { AccessDeniedError } from "../errors/access-errors.js";
import { NetworkError } from "../errors/connection-errors.js";
import { GraphQLRequestError, type GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { callOf, type AnswerHead } from "./call.js";
import { costOf } from "./cost.js";

/** Codes that name a failure of the server, during which anything may have been executed. */
const SERVER_FAILURES: readonly unknown[] = ["INTERNAL_SERVER_ERROR", "TIMEOUT"];

/** An error as the answer has it: urql makes those without extensions anew, and loses their locations. */
function asGiven(error: CombinedError["graphQLErrors"][number]): GraphQLErrorEntry {
  return (error instanceof Error && error.originalError) || error;
}

function codeOf(error: GraphQLErrorEntry): unknown {
  return error.extensions?.["code"];
}

/** Was the operation surely not executed, as far as one GraphQL error tells? */
function wasNotExecuted(error: GraphQLErrorEntry, hasData: boolean): boolean {
  const code = codeOf(error);
  // Both are decided on the cost, before execution. Source: captured from live stores.
  if (code === "THROTTLED" || code === "MAX_COST_EXCEEDED") return !hasData;
  // Denied on the root field itself, rather than on a field of what it made.
  if (code === "ACCESS_DENIED") return error.path?.length === 1;
  // Validation: GraphQL leaves `data` out where it never began to execute, and names the place.
  return !hasData && !SERVER_FAILURES.includes(code) && (error.locations?.length ?? 0) > 0;
}

/** Milliseconds until the bucket holds what a throttled request asked for. */
function restoreTime(extensions: unknown): number | null {
  const cost = costOf(extensions);
  if (!cost || cost.throttle.restoreRate === 0) return null;
  const lacking = cost.requested - cost.throttle.currentlyAvailable;
  return Math.ceil((Math.max(0, lacking) / cost.throttle.restoreRate) * 1000);
}

function fromGraphQLErrors(
  errors: readonly GraphQLErrorEntry[],
  result: OperationResult,
  head: AnswerHead | null,
): UsageBillingError {
  // urql leaves `data` undefined where the answer has none, null where it is null.
  const hasData = result.data !== undefined;
  const notApplied =
    result.operation.kind === "query" || errors.every((error) => wasNotExecuted(error, hasData));
  const facts = {
    certainty: notApplied ? "notApplied" : "unknown",
    status: head?.status,
    requestId: head?.requestId,
    cause: result.error,
  } as const;
  const codes = errors.map(codeOf);
  const message = errors.map((error) => error.message).join("; ");
  if (codes.includes("THROTTLED")) {
    return new ThrottledError("Shopify throttled the request", {
      ...facts,
      retryAfter: restoreTime(result.extensions),
    });
  }
  if (codes.includes("INTERNAL_SERVER_ERROR")) {
    return new ServerError(`Shopify failed internally: ${message}`, facts);
  }
  if (codes.includes("ACCESS_DENIED")) {
    return new AccessDeniedError(`Shopify denied access: ${message}`, facts);
  }
  return new GraphQLRequestError(`Shopify refused the request: ${message}`, { ...facts, errors });
}

function classify(error: CombinedError, result: OperationResult): UsageBillingError {
  const { networkError, graphQLErrors } = error;
  if (networkError instanceof UsageBillingError) return networkError;
  const { head } = callOf(result.operation);
  if (!networkError) return fromGraphQLErrors(graphQLErrors.map(asGiven), result, head);
  // From a fetch exchange that is not ours, which hides how far the request came.
  return new NetworkError(`The request failed: ${networkError.message}`, {
    certainty: result.operation.kind === "query" ? "notApplied" : "unknown",
    cause: networkError,
  });
}

const classified = new WeakMap<CombinedError, UsageBillingError>();

/** Why one attempt failed, and whether it can have been executed; null where it did not fail. */
export function failureOf(result: OperationResult): UsageBillingError | null {
  const { error } = result;
  if (!error) return null;
  let failure = classified.get(error);
  if (!failure) {
    failure = classify(error, result);
    classified.set(error, failure);
  }
  return failure;
}
