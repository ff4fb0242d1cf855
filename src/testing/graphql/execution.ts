import { execute, type GraphQLFormattedError, type OperationDefinitionNode } from "graphql";
import { AdminRoot, type RequestContext } from "./admin-root.js";
import type { ThrottleStatus } from "./bucket.js";
import { CostRules } from "./cost.js";
import type { PreparedDocument } from "./document.js";
import { internalError, MAXIMUM_COST, maximumCostExceeded, THROTTLED } from "./graphql-error.js";
import type { AdminSchema } from "./schema.js";
import { checkVariables, type Variables } from "./variables.js";

/** The body of a GraphQL answer. */
export interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions: { readonly cost: Cost };
}

interface Cost {
  readonly requestedQueryCost: number;
  readonly actualQueryCost: number | null;
  readonly throttleStatus: ThrottleStatus;
}

const ROOT = new AdminRoot();

/** Executes an operation, as far as its text, its variables, its cost and the bucket allow. */
export async function answer(
  { schema }: AdminSchema,
  { document, errors: invalid }: PreparedDocument,
  operation: OperationDefinitionNode | string,
  given: Variables,
  context: RequestContext,
): Promise<GraphQLAnswer> {
  const { account, requestId, fault } = context;
  // That what is not understood costs nothing is a choice: unknown.
  if (invalid.length > 0) return failure(invalid, account.throttleStatus, 0, 0);
  if (typeof operation === "string") {
    return failure([{ message: operation }], account.throttleStatus, 0, 0);
  }
  const variables = checkVariables(schema, operation, given);
  if (variables.errors.length > 0) {
    const errors = variables.errors.map((error) => error.toJSON());
    return failure(errors, account.throttleStatus, 0, 0);
  }
  const rules = new CostRules(schema, document, operation, variables.values);
  const requested = rules.requested();
  if (requested > MAXIMUM_COST) {
    return failure([maximumCostExceeded(requested)], account.throttleStatus, requested, null);
  }
  if (fault === "throttled" || !account.bucket.take(requested, account.now())) {
    return failure([THROTTLED], drained(account.throttleStatus, requested), requested, null);
  }
  if (fault === "internalErrorBefore") {
    return failure([internalError(requestId)], account.throttleStatus, requested, null);
  }
  const result = await execute({
    schema,
    document,
    rootValue: ROOT,
    contextValue: context,
    variableValues: variables.values,
    operationName: operation.name?.value ?? null,
  });
  const errors = result.errors?.map((error) => error.toJSON());
  // Captured from a live store: where access is denied, there is no data at all.
  const data = errors?.some(({ extensions }) => extensions?.["code"] === "ACCESS_DENIED")
    ? null
    : (result.data ?? null);
  const actual = rules.actual(data);
  account.bucket.refund(requested - actual, account.now());
  if (fault === "internalErrorAfter") {
    return failure([internalError(requestId)], account.throttleStatus, requested, null);
  }
  const { throttleStatus } = account;
  return {
    data,
    ...(errors && { errors }),
    extensions: {
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus },
    },
  };
}

/** An answer without data. */
function failure(
  errors: readonly GraphQLFormattedError[],
  throttleStatus: ThrottleStatus,
  requestedQueryCost: number,
  actualQueryCost: number | null,
): GraphQLAnswer {
  return { errors, extensions: { cost: { requestedQueryCost, actualQueryCost, throttleStatus } } };
}

/** The bucket as a throttled request finds it: without the points it would need, fault or not. */
function drained(status: ThrottleStatus, needed: number): ThrottleStatus {
  return {
    ...status,
    currentlyAvailable: Math.min(status.currentlyAvailable, Math.max(0, needed - 1)),
  };
}
