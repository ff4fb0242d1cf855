import { AuthenticationError } from "../errors/access-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";

/** The options of `admin.graphql`. */
export interface AdminGraphQLOptions {
  readonly variables?: Record<string, unknown>;
  readonly apiVersion?: string;
  readonly signal?: AbortSignal;
}

/** The parts of a `Response` that are read. Any implementation will do. */
type Answer = Pick<Response, "status" | "headers" | "text">;

/** The part of Shopify's `admin`, from its Remix and React Router packages, that is used. */
export interface ShopifyAdmin {
  /** Runs an operation as the app, and resolves to a `Response`. */
  // A method, not a property: Shopify's own type takes fewer API versions than any string.
  graphql(query: string, options?: AdminGraphQLOptions): Promise<Answer>;
}

/** The client options that `admin` provides. */
export interface AdminConnection {
  readonly shop: string;
  /** A placeholder that is never sent: `admin` has the real token. */
  readonly accessToken: string;
  /** Sends the client's requests through `admin.graphql`, in the API version of the client. */
  readonly fetch: typeof globalThis.fetch;
}

const PLACEHOLDER = "held-by-shopify-admin";

/** Codes of errors that Shopify reports before it executes anything. */
const NEVER_EXECUTED: readonly unknown[] = ["THROTTLED", "MAX_COST_EXCEEDED", "INVALID_VARIABLE"];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the headers that Shopify's packages put into a body, as `{ "X-Request-Id": ["…"] }`. */
function headersOf(given: unknown): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(isObject(given) ? given : {})) {
    for (const value of Array.isArray(values) ? values : [values]) {
      headers.append(name, String(value));
    }
  }
  return headers;
}

/** Makes a `Response` with Shopify's headers, which may be in the JSON body. */
async function withHeaders(answer: Answer): Promise<Response> {
  if (!isAnswer(answer)) throw notAResponse(answer);
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body))
      headersOf(body["headers"]).forEach((value, name) => headers.set(name, value));
  } catch {
    // The client reports what is wrong with the response.
  }
  return new Response(text === "" ? null : text, { status: answer.status, headers });
}

function isAnswer(value: unknown): value is Answer {
  return isObject(value) && typeof value["status"] === "number" && "headers" in value;
}

/**
 * Makes the error for a `graphql` that resolves to data, as that of an API client does. The request
 * has been sent by then.
 */
function notAResponse(value: unknown): UsageBillingError {
  const error = new InvalidInputError(
    "admin.graphql",
    `must resolve to a Response, got ${typeof value === "object" ? "an object" : typeof value}`,
    "pass the `admin` of `authenticate.admin(request)` or of `unauthenticated.admin(shop)`",
  );
  return Object.assign(error, { certainty: "unknown" });
}

/** Reads a `Response` that the packages throw for the app's framework to send to the browser. */
function fromThrownResponse(response: Answer): Promise<Response> {
  const { status, headers } = response;
  // After a 401 the packages drop the session's token and throw a Response that starts a new
  // authorization.
  if (status === 401 || headers.has("location")) {
    throw new AuthenticationError(
      "Shopify did not accept the access token; `cause` is the Response that asks for a new one",
      { certainty: "notApplied", status: 401, cause: response },
    );
  }
  if (status === 200) throw unreadable(response);
  return withHeaders(response);
}

/**
 * Makes the error for a body that Shopify's client could not read. It reports that as a failure
 * with status 200.
 */
function unreadable(cause: unknown): InvalidResponseError {
  return new InvalidResponseError("The response could not be read", {
    certainty: "unknown",
    status: 200,
    retryable: true,
    cause,
  });
}

/** Rebuilds the response that caused an error of Shopify's packages. */
function fromError(error: unknown): Response {
  const { body, headers, response, message } = isObject(error) ? error : {};
  // GraphqlQueryError
  if (isObject(body) && isObject(body["errors"])) {
    const { graphQLErrors: errors } = body["errors"];
    const { extensions, data = null } = body;
    // Shopify's client omits `data: null`, as if nothing had been executed.
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
  // HttpRequestError, which hides its cause, and any other error: the request may have been
  // executed.
  throw error;
}

/**
 * Makes client options that send through `admin.graphql` of `@shopify/shopify-app-remix` or
 * `@shopify/shopify-app-react-router`. Spread them into `createUsageBillingClient`.
 *
 * @remarks
 * Prefer {@link fromSession} with the session that `authenticate.admin` and `unauthenticated.admin`
 * return beside `admin`, or {@link fromApp} in a worker. Shopify's client hides why a connection failed
 * and, for some responses, the request id and `Retry-After`. So fewer failures are certainly
 * `"notApplied"`. It also follows redirects. The advantage of `admin` is that it renews tokens: after a
 * 401 it throws a `Response` that starts a new authorization, which is the `cause` of the
 * `AuthenticationError`.
 *
 * The client passes its own API version to `admin.graphql`, regardless of the app's configuration. The
 * client does the retries, with the same idempotency key.
 *
 * @param options - `shop`: the domain of the shop that `admin` was made for; `admin` does not reveal it
 * @throws InvalidInputError if `admin.graphql` is missing; from calls, if it resolves to anything but a
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
        throw new InvalidInputError("endpoint", "must not be given together with admin");
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
