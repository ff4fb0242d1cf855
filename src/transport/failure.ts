import { AccessDeniedError } from "../errors/access-errors.js";
import { GraphQLRequestError, type GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import type { AnswerHead } from "./call.js";
import type { QueryCost } from "./cost.js";

/** Codes that name a failure of the server, during which anything may have been executed. */
const SERVER_FAILURES: readonly unknown[] = ["INTERNAL_SERVER_ERROR", "TIMEOUT"];

/** What the GraphQL errors of an answer stand in. */
export interface ErrorContext {
  readonly kind: "query" | "mutation";
  /** Has the answer data, be it null? */
  readonly hasData: boolean;
  readonly cost: QueryCost | null;
  readonly head: AnswerHead | null;
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
function restoreTime(cost: QueryCost | null): number | null {
  if (!cost || cost.throttle.restoreRate === 0) return null;
  const lacking = cost.requested - cost.throttle.currentlyAvailable;
  return Math.ceil((Math.max(0, lacking) / cost.throttle.restoreRate) * 1000);
}

/** Why an answer with GraphQL errors failed, and whether it can have been executed. */
export function graphQLFailure(
  errors: readonly GraphQLErrorEntry[],
  { kind, hasData, cost, head }: ErrorContext,
): UsageBillingError {
  const notApplied = kind === "query" || errors.every((error) => wasNotExecuted(error, hasData));
  const facts = {
    certainty: notApplied ? "notApplied" : "unknown",
    status: head?.status,
    requestId: head?.requestId,
  } as const;
  const codes = errors.map(codeOf);
  const message = errors.map((error) => error.message).join("; ");
  if (codes.includes("THROTTLED")) {
    return new ThrottledError("Shopify throttled the request", {
      ...facts,
      cause: errors,
      retryAfter: restoreTime(cost),
    });
  }
  if (codes.includes("INTERNAL_SERVER_ERROR")) {
    return new ServerError(`Shopify failed internally: ${message}`, { ...facts, cause: errors });
  }
  if (codes.includes("ACCESS_DENIED")) {
    return new AccessDeniedError(`Shopify denied access: ${message}`, { ...facts, cause: errors });
  }
  return new GraphQLRequestError(`Shopify refused the request: ${message}`, { ...facts, errors });
}
