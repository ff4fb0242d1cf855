import { AuthenticationError } from "../errors/access-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";

/** What `admin.graphql` is called with. */
export interface AdminGraphQLOptions {
  readonly variables?: Record<string, unknown>;
  readonly apiVersion?: string;
  readonly signal?: AbortSignal;
}

/** What is read of a `Response`, whichever implementation of it. */
type Answer = Pick<Response, "status" | "headers" | "text">;

/** What is used of the `admin` that Shopify's Remix and React Router packages give. */
export interface ShopifyAdmin {
  /** Runs an operation as the app, and gives or throws what came of it. */
  // A method, not a property: Shopify's own type takes fewer API versions than any string.
  graphql(query: string, options?: AdminGraphQLOptions): Promise<Answer>;
}

/** The options of a client that `admin` brings. */
export interface AdminConnection {
  readonly shop: string;
  /** Stands where the options ask for a token, and is sent nowhere: `admin` has the real one. */
  readonly accessToken: string;
  /** Runs what the client sends through `admin.graphql`, in the API version of the client. */
  readonly fetch: typeof globalThis.fetch;
}

const PLACEHOLDER = "held-by-shopify-admin";

/** Codes of errors that Shopify finds before it executes anything. */
const NEVER_EXECUTED: readonly unknown[] = ["THROTTLED", "MAX_COST_EXCEEDED", "INVALID_VARIABLE"];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The headers that Shopify's packages tell beside an answer, as `{ "X-Request-Id": ["…"] }`. */
function headersOf(told: unknown): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(isObject(told) ? told : {})) {
    for (const value of Array.isArray(values) ? values : [values]) {
      headers.append(name, String(value));
    }
  }
  return headers;
}

/** An answer whose JSON holds Shopify's headers gets them as its own. */
async function withHeaders(answer: Answer): Promise<Response> {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body))
      headersOf(body["headers"]).forEach((value, name) => headers.set(name, value));
  } catch {
    // The client itself says what is wrong with the answer.
  }
  return new Response(text === "" ? null : text, { status: answer.status, headers });
}

function isAnswer(value: unknown): value is Answer {
  return isObject(value) && typeof value["status"] === "number" && "headers" in value;
}

/** The answer that a `Response` stands for which the packages throw, for the app's framework to send on. */
function fromThrownResponse(response: Answer): Promise<Response> {
  const { status, headers } = response;
  // After a 401 the packages drop the session's token and throw what begins a new authorization.
  if (status === 401 || headers.has("location")) {
    throw new AuthenticationError(
      "Shopify did not accept the access token; `cause` is the Response that asks for a new one",
      { certainty: "notApplied", status: 401, cause: response },
    );
  }
  if (status === 200) throw unreadable(response);
  return withHeaders(response);
}

/** A body that Shopify's client could not read comes as a failure of status 200. */
function unreadable(cause: unknown): InvalidResponseError {
  return new InvalidResponseError("The answer could not be read", {
    certainty: "unknown",
    status: 200,
    retryable: true,
    cause,
  });
}

/** The answer that an error of Shopify's packages was made from. */
function fromError(error: unknown): Response {
  const { body, headers, response, message } = isObject(error) ? error : {};
  // GraphqlQueryError
  if (isObject(body) && isObject(body["errors"])) {
    const { graphQLErrors: errors } = body["errors"];
    const { extensions, data = null } = body;
    // Shopify's client leaves `data: null` out as if nothing had been executed.
    const executed =
      Array.isArray(errors) &&
      !errors.every((entry: unknown) => {
        const details = isObject(entry) ? entry["extensions"] : null;
        return isObject(details) && NEVER_EXECUTED.includes(details["code"]);
      });
    const answer = { ...(executed && { data }), errors, extensions };
    return new Response(JSON.stringify(answer), { status: 200, headers: headersOf(headers) });
  }
  // HttpResponseError, HttpThrottlingError, HttpInternalError
  if (isObject(response) && typeof response["code"] === "number") {
    if (response["code"] === 200) throw unreadable(error);
    return new Response(null, {
      status: response["code"],
      headers: headersOf(response["headers"]),
    });
  }
  // MissingRequiredArgument: the session lost its token, after a 401 for example.
  if (typeof message === "string" && /^missing access token/i.test(message)) {
    throw new AuthenticationError("The session of `admin` has no access token", {
      certainty: "notApplied",
      cause: error,
    });
  }
  // HttpRequestError, which hides what went wrong, and whatever else: anything may have happened.
  throw error;
}

/**
 * The options of a client that sends through `admin.graphql` of `@shopify/shopify-app-remix` or
 * `@shopify/shopify-app-react-router`, to spread.
 *
 * @remarks
 * Prefer {@link fromSession} where the session is at hand, which `authenticate.admin` and
 * `unauthenticated.admin` give beside `admin`: Shopify's client hides why a connection failed and, of
 * some answers, the request id and `Retry-After`, so that fewer failures are surely `"notApplied"`;
 * and it follows redirects. What `admin` brings is its renewal of tokens: after a 401 it throws a
 * `Response` that begins a new authorization, which is the `cause` of the `AuthenticationError`.
 *
 * The client's API version is passed to `admin.graphql`, whatever the app is configured with. Retries
 * are the client's own, with the same idempotency key.
 *
 * @param options - `shop`: the domain of the shop that `admin` was made for, which it does not tell
 * @throws InvalidInputError where there is no `admin.graphql`; by calls, where `endpoint` is given too
 *
 * @example
 * ```ts
 * const { admin, session } = await authenticate.admin(request);
 * const billing = createUsageBillingClient(fromAdmin(admin, { shop: session.shop }));
 * ```
 */
export function fromAdmin(
  admin: ShopifyAdmin,
  { shop }: { readonly shop: string },
): AdminConnection {
  if (typeof admin?.graphql !== "function") {
    throw new InvalidInputError(
      "admin",
      "has no `graphql`",
      "give the `admin` of `authenticate.admin(request)` or of `unauthenticated.admin(shop)`",
    );
  }
  return {
    shop,
    accessToken: PLACEHOLDER,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const [, apiVersion] = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(url.pathname) ?? [];
      if (url.host !== shop.toLowerCase() || apiVersion === undefined) {
        throw new InvalidInputError("endpoint", "is given beside admin", "leave it out");
      }
      const request: unknown = JSON.parse(String(init?.body));
      const { query, variables } = isObject(request) ? request : {};
      try {
        const options = {
          variables: isObject(variables) ? variables : {},
          apiVersion,
          ...(init?.signal && { signal: init.signal }),
        };
        return await withHeaders(await admin.graphql(String(query), options));
      } catch (thrown) {
        return isAnswer(thrown) ? await fromThrownResponse(thrown) : fromError(thrown);
      }
    },
  };
}
