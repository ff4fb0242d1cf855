import { AuthenticationError } from "../errors/access-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { withCallFacts, type UsageBillingError } from "../errors/usage-billing-error.js";

/** What `admin.graphql` is called with. */
export interface AdminGraphQLOptions {
  readonly variables?: Record<string, unknown>;
  readonly apiVersion?: string;
  readonly signal?: AbortSignal;
}

/** What is read from a `Response`, whatever implements it. */
type Answer = Pick<Response, "status" | "headers" | "text">;

/** What is used of the `admin` of Shopify's Remix and React Router packages. */
export interface ShopifyAdmin {
  /** Runs an operation as the app, and resolves to a `Response`. */
  // A method, not a property: Shopify's own type takes fewer API versions than any string.
  graphql(query: string, options?: AdminGraphQLOptions): Promise<Answer>;
}

/** The options of a client that `admin` brings. */
export interface AdminConnection {
  readonly shop: string;
  /** A placeholder that is sent nowhere: `admin` has the real token. */
  readonly accessToken: string;
  /** Sends the client's requests through `admin.graphql`, in the API version of the client. */
  readonly fetch: typeof globalThis.fetch;
}

const PLACEHOLDER = "held-by-shopify-admin";

/** Codes of errors that Shopify finds before it executes anything. */
const NEVER_EXECUTED: readonly unknown[] = ["THROTTLED", "MAX_COST_EXCEEDED", "INVALID_VARIABLE"];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the headers that Shopify's packages put beside an answer, as `{ "X-Request-Id": ["…"] }`. */
function headersOf(given: unknown): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(isObject(given) ? given : {})) {
    for (const value of Array.isArray(values) ? values : [values]) {
      headers.append(name, String(value));
    }
  }
  return headers;
}

/** Gives an answer the headers of Shopify's that its JSON holds. */
async function withHeaders(answer: Answer): Promise<Response> {
  if (!isAnswer(answer)) throw notAResponse(answer);
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

/** The error of a `graphql` that resolves to data, as that of an API client does. By then it has sent the request. */
function notAResponse(value: unknown): UsageBillingError {
  const error = new InvalidInputError(
    "admin.graphql",
    `must resolve to a Response, got ${typeof value === "object" ? "an object" : typeof value}`,
    "pass the `admin` of `authenticate.admin(request)` or of `unauthenticated.admin(shop)`",
  );
  return withCallFacts(error, { certainty: "unknown", idempotencyKey: null, attempts: null });
}

/** Reads a `Response` that the packages throw for the app's framework to send on. */
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

/** The error of a body that Shopify's client could not read, which it reports as a failure of status 200. */
function unreadable(cause: unknown): InvalidResponseError {
  return new InvalidResponseError("The answer could not be read", {
    certainty: "unknown",
    status: 200,
    retryable: true,
    cause,
  });
}

/** Reads the answer that an error of Shopify's packages was made from. */
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
  // HttpRequestError, which hides what went wrong, and any other error: anything may have happened.
  throw error;
}

/**
 * Makes the options of a client that sends through `admin.graphql` of `@shopify/shopify-app-remix` or
 * `@shopify/shopify-app-react-router`, to spread.
 *
 * @remarks
 * Prefer {@link fromSession} with the session that `authenticate.admin` and `unauthenticated.admin`
 * return beside `admin`, or {@link fromApp} in a worker. Shopify's client hides why a connection failed
 * and, for some answers, the request id and `Retry-After`, so that fewer failures are surely
 * `"notApplied"`; and it follows redirects. What `admin` adds is that it renews tokens: after a 401 it
 * throws a `Response` that begins a new authorization, which is the `cause` of the `AuthenticationError`.
 *
 * The client passes its API version to `admin.graphql`, whatever the app is configured with. It does
 * the retries, with the same idempotency key.
 *
 * @param options - `shop`: the domain of the shop that `admin` was made for, which `admin` does not say
 * @throws InvalidInputError if there is no `admin.graphql`; from calls, if it resolves to anything but a
 * `Response`, or if `endpoint` is given too
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
      "must have a `graphql` function",
      "pass the `admin` of `authenticate.admin(request)` or of `unauthenticated.admin(shop)`",
    );
  }
  return {
    shop,
    accessToken: PLACEHOLDER,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const [, apiVersion] = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(url.pathname) ?? [];
      if (url.host !== shop.toLowerCase() || apiVersion === undefined) {
        throw new InvalidInputError("endpoint", "must not be given beside admin");
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
