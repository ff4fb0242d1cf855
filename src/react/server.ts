/**
 * The app's own server between the hooks and Shopify, so that the access token stays there.
 *
 * @packageDocumentation
 */
import { GraphQLRequestError } from "../errors/graphql-request-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { readRequestOf, type ReadingBilling } from "./read-request.js";

export { prefetchUsage, type PrefetchInput } from "./prefetch.js";
export type { ReadingBilling } from "./read-request.js";

/** The statuses that the browser knows each error by; all others are a failure of the server: 502. */
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

/** The answer from which the hooks make the same error, as far as a browser may know it. */
function answerFailure(error: UsageBillingError): Response {
  if (error instanceof GraphQLRequestError) return answer({ errors: error.errors });
  const { name, message, status } = error;
  const retryAfter = error instanceof ThrottledError ? error.retryAfter : null;
  return answer(
    { errors: [{ message }] },
    // Shopify's own statuses of a shop that cannot be reached: 402, 404, 423.
    name === "ShopUnavailableError" ? (status ?? 404) : (STATUSES.get(name) ?? 502),
    retryAfter === null ? {} : { "retry-after": String(Math.ceil(retryAfter / 1000)) },
  );
}

/**
 * Answers what the hooks ask of the app's own server, by the client of the merchant's shop.
 *
 * @remarks
 * Find out first who asks: verify the session and take the shop from it, never from the request. Only
 * the hooks' own two queries are run, whatever text the request holds, so that nobody can use the
 * app's access token for anything else, such as a charge.
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
    const message = "Only the queries of shopify-usage-billing/react are answered here";
    return answer({ errors: [{ message }] }, 400);
  } catch (error) {
    if (error instanceof UsageBillingError) return answerFailure(error);
    throw error;
  }
}
