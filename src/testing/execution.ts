import { execute, type GraphQLFormattedError, type OperationDefinitionNode } from "graphql";
import { AdminRoot, type RequestContext } from "./admin-root.js";
import { CostRules } from "./cost.js";
import type { PreparedDocument } from "./document.js";
import { MAXIMUM_COST, maximumCostExceeded, THROTTLED } from "./graphql-error.js";
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
  readonly throttleStatus: object;
}

const ROOT = new AdminRoot();

/** An answer without data. */
export function failure(
  errors: readonly GraphQLFormattedError[],
  context: RequestContext,
  requestedQueryCost: number,
  actualQueryCost: number | null,
): GraphQLAnswer {
  return { errors, extensions: { cost: cost(context, requestedQueryCost, actualQueryCost) } };
}

/** Executes an operation, as far as its variables, its cost and the bucket allow. */
export async function answer(
  { schema }: AdminSchema,
  { document }: PreparedDocument,
  operation: OperationDefinitionNode,
  given: Variables,
  context: RequestContext,
): Promise<GraphQLAnswer> {
  const { shop } = context;
  const variables = checkVariables(schema, operation, given);
  if (variables.errors.length > 0) {
    return failure(
      variables.errors.map((error) => error.toJSON()),
      context,
      0,
      0,
    );
  }
  const rules = new CostRules(schema, document, operation, variables.values);
  const requested = rules.requested();
  if (requested > MAXIMUM_COST) {
    return failure([maximumCostExceeded(requested)], context, requested, null);
  }
  if (!shop.bucket.take(requested, shop.now())) {
    return failure([THROTTLED], context, requested, null);
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
  shop.bucket.refund(requested - actual, shop.now());
  return {
    data,
    ...(errors && { errors }),
    extensions: { cost: cost(context, requested, actual) },
  };
}

function cost(
  { shop }: RequestContext,
  requestedQueryCost: number,
  actualQueryCost: number | null,
): Cost {
  return { requestedQueryCost, actualQueryCost, throttleStatus: shop.throttleStatus };
}
