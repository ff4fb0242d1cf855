import type { CombinedError, OperationResult } from "@urql/core";
import { operationOf } from "../document.js";
import { AccessDeniedError } from "../errors/access-errors.js";
import { NetworkError } from "../errors/connection-errors.js";
import { GraphQLRequestError, type GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import {
  isUsageBillingError,
  type AnyUsageBillingError,
} from "../errors/is-usage-billing-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { callOf } from "./call.js";
import { certaintyOfErrors } from "./certainty.js";
import { costOf, type QueryCost } from "./cost.js";
import { LONGEST_WAIT } from "./retry-after.js";

/** What is read of a urql result. */
export type FailedResult = Pick<OperationResult, "operation" | "data" | "error" | "extensions">;

const known = new WeakMap<CombinedError, AnyUsageBillingError>();

/** Returns why an operation failed, with the certainty of its last attempt alone. `null` if it did not fail. */
export function failureOf(result: FailedResult): AnyUsageBillingError | null {
  const { error } = result;
  if (!error) return null;
  let failure = known.get(error);
  if (!failure) {
    failure = failureFrom(error, result);
    // A query changes nothing.
    if (result.operation.kind === "query") Object.assign(failure, { certainty: "notApplied" });
    known.set(error, failure);
  }
  return failure;
}

function failureFrom(
  { networkError, graphQLErrors }: CombinedError,
  { operation, data, extensions }: FailedResult,
): AnyUsageBillingError {
  if (isUsageBillingError(networkError)) return networkError;
  if (networkError) {
    // From an app's own fetch exchange, which hides how far the request got.
    const message = `The request failed: ${networkError.message}`;
    return new NetworkError(message, { certainty: "unknown", cause: networkError });
  }
  const errors = graphQLErrors.map(asSent);
  const { rootFields } = operationOf(operation.query);
  const head = callOf(operation).head;
  return graphQLFailure(errors, costOf(extensions), {
    certainty: certaintyOfErrors(errors, data, rootFields),
    status: head?.status ?? null,
    requestId: head?.requestId ?? null,
  });
}

/** An error as Shopify sent it: urql wraps those without extensions, and loses their locations. */
function asSent(error: CombinedError["graphQLErrors"][number]): GraphQLErrorEntry {
  return (error instanceof Error && error.originalError) || error;
}

type AnswerFacts = NonNullable<ConstructorParameters<typeof ServerError>[1]>;

/** Codes for a failure of the server, during which anything may have been executed. */
const SERVER_FAILURES: readonly unknown[] = ["INTERNAL_SERVER_ERROR", "TIMEOUT"];

function graphQLFailure(
  errors: readonly GraphQLErrorEntry[],
  cost: QueryCost | null,
  facts: AnswerFacts,
): AnyUsageBillingError {
  const codes = errors.map(({ extensions }) => extensions?.["code"]);
  const words = errors.map(({ message }) => message).join("; ");
  if (codes.includes("THROTTLED")) {
    const retryAfter = restoreTime(cost);
    return new ThrottledError("Shopify throttled the request", {
      ...facts,
      cause: errors,
      retryAfter,
    });
  }
  if (codes.some((code) => SERVER_FAILURES.includes(code))) {
    return new ServerError(`Shopify failed internally: ${words}`, { ...facts, cause: errors });
  }
  if (codes.includes("ACCESS_DENIED")) {
    return new AccessDeniedError(`Shopify denied access: ${words}`, { ...facts, cause: errors });
  }
  return new GraphQLRequestError(`Shopify refused the request: ${words}`, { ...facts, errors });
}

/** Milliseconds until the bucket holds what a throttled request asked for. */
function restoreTime(cost: QueryCost | null): number | null {
  if (!cost || cost.throttle.restoreRate === 0) return null;
  const missing = cost.requested - cost.throttle.currentlyAvailable;
  const wait = Math.ceil((Math.max(0, missing) / cost.throttle.restoreRate) * 1_000);
  return Math.min(wait, LONGEST_WAIT);
}
