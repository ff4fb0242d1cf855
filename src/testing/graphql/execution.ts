import { execute, type GraphQLFormattedError, type OperationDefinitionNode } from "graphql";
import { AdminRoot, type RequestContext } from "./admin-root.js";
import type { ThrottleStatus } from "./bucket.js";
import { CostRules } from "./cost.js";
import type { PreparedDocument } from "./document.js";
import { internalError, MAXIMUM_COST, maximumCostExceeded, THROTTLED } from "./graphql-error.js";
import type { AdminSchema } from "./schema.js";
import { checkVariables, type Variables } from "./variables.js";

/** The body of a GraphQL response. */
export interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: { readonly cost: Cost };
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
  // Captured from live stores: what is not understood has no cost beside it.
  if (invalid.length > 0) return { errors: invalid };
  if (typeof operation === "string") return { errors: [{ message: operation }] };
  const variables = checkVariables(schema, operation, given);
  if (variables.errors.length > 0) {
    return { errors: variables.errors.map((error) => error.toJSON()) };
  }
  const rules = new CostRules(schema, document, operation, variables.values);
  const requested = rules.requested();
  if (requested > MAXIMUM_COST) {
    return failure([maximumCostExceeded(requested)], account.throttleStatus, requested, null);
  }
  if (fault?.name === "throttled" || !account.bucket.take(requested, account.now())) {
    return failure([THROTTLED], drained(account.throttleStatus, requested), requested, null);
  }
  if (fault?.name === "internalErrorBefore") return failed(requestId);
  const result = await execute({
    schema,
    document,
    rootValue: ROOT,
    contextValue: context,
    variableValues: variables.values,
    operationName: operation.name?.value ?? null,
  });
  const errors = result.errors?.map((error) => error.toJSON());
  const data = result.data ?? null;
  const actual = rules.actual(data);
  account.bucket.refund(requested - actual, account.now());
  if (fault?.name === "internalErrorAfter") return failed(requestId);
  const { throttleStatus } = account;
  return {
    data,
    ...(errors && { errors }),
    extensions: {
      cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus },
    },
  };
}

/** Captured from live stores: an internal error has null data, and no cost. */
function failed(requestId: string): GraphQLAnswer {
  return { data: null, errors: [internalError(requestId)] };
}

/** A response without data. */
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
