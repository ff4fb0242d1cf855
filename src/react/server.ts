/**
 * The endpoint on the app's own server, between the hooks and Shopify, so that the access token
 * stays there.
 *
 * @packageDocumentation
 */
import { GraphQLRequestError } from "../errors/graphql-request-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { readRequestOf, type ReadingBilling } from "./read-request.js";

export { prefetchUsage, type PrefetchInput } from "./prefetch.js";
export type { ReadingBilling } from "./read-request.js";

/**
 * The statuses by which the browser recognizes each error. Any other error is a failure of the
 * server: 502.
 */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ["InvalidInputError", 400],
  ["AuthenticationError", 401],
  ["AccessDeniedError", 403],
  ["ThrottledError", 429],
  ["TimeoutError", 504],
]);

function answer(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store", ...headers } });
}

/**
 * Makes the response from which the hooks rebuild the same error, with only what a browser may
 * know.
 */
function answerFailure(error: UsageBillingError): Response {
  if (error instanceof GraphQLRequestError) return answer({ errors: error.errors });
  const { name, message, status } = error;
  const retryAfter = error instanceof ThrottledError ? error.retryAfter : null;
  return answer(
    { errors: [{ message }] },
    // Shopify's own statuses for a shop that cannot be reached: 402, 404, 423.
    name === "ShopUnavailableError" ? (status ?? 404) : (STATUSES.get(name) ?? 502),
    retryAfter === null ? {} : { "retry-after": String(Math.ceil(retryAfter / 1000)) },
  );
}

/**
 * Responds to the hooks' requests to the app's own server, with the client of the merchant's shop.
 *
 * @remarks
 * Authenticate the request first: verify the session and take the shop from it, never from the
 * request. Only the hooks' own two queries are run, regardless of the text in the request, so that
 * the app's access token cannot be used for anything else, such as a charge.
 *
 * @param request - a POST of GraphQL as JSON, as `UsageBillingProvider` with `endpoint` sends it
 * @param billing - the client of the merchant's shop
 *
 * @example
 * ```ts
 * export async function action({ request }: ActionFunctionArgs) {
 *   const { session } = await authenticate.admin(request);
 *   return answerRead(request, createUsageBillingClient(fromSession(session)));
 * }
 * ```
 */
export async function answerRead(request: Request, billing: ReadingBilling): Promise<Response> {
  if (request.method !== "POST") {
    return answer({ errors: [{ message: "Send a POST" }] }, 405, { allow: "POST" });
  }
  const body = await request.text();
  try {
    const read = readRequestOf(body);
    if (read) return answer({ data: await read(billing, { signal: request.signal }) });
    const message = "Only the queries of shopify-usage-billing/react are allowed";
    return answer({ errors: [{ message }] }, 400);
  } catch (error) {
    if (error instanceof UsageBillingError) return answerFailure(error);
    throw error;
  }
}
