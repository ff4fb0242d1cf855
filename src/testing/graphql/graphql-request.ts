import { parseExactJson } from "./exact-json.js";
import type { Variables } from "./variables.js";

/** What a body asks for. */
export interface GraphQLRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Variables;
}

/**
 * Reads the body of a GraphQL request. If it is malformed, returns what Shopify answers with status 400.
 *
 * @remarks
 * The error for a missing query was reported by developers; the other is a choice: unknown. Lists of
 * requests are refused, too.
 */
export function readGraphQLRequest(
  contentType: string,
  body: string,
): GraphQLRequest | { readonly errors: unknown } {
  if (contentType.startsWith("application/graphql")) {
    return { query: body, operationName: null, variables: {} };
  }
  const missing = { errors: { query: "Required parameter missing or invalid" } };
  if (!contentType.startsWith("application/json")) return missing;
  let parsed: unknown;
  try {
    parsed = parseExactJson(body);
  } catch {
    return { errors: "Bad Request" };
  }
  if (!isObject(parsed)) return missing;
  const { query, operationName, variables } = parsed;
  if (typeof query !== "string" || query.trim() === "") return missing;
  return {
    query,
    operationName: typeof operationName === "string" && operationName ? operationName : null,
    variables: isObject(variables) ? variables : {},
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
