import { InvalidInputError } from "./errors/invalid-input-error.js";
import { checkFields, checkUrl } from "./input.js";
import type { EventListener } from "./transport/events.js";
import { isTokenText, type AccessToken } from "./transport/access-token.js";
import type { RetryOptions } from "./transport/retrying.js";
import type { UrqlClient } from "./transport/urql-client.js";

interface OwnTransportOptions {
  /** The shop's own domain: `example.myshopify.com`. */
  readonly shop: string;
  /**
   * The shop's Admin API access token, or a function that gives it.
   *
   * @remarks
   * A function is asked at each attempt, and once more after a 401. The token is sent to
   * `shop`, or to `endpoint`, and appears nowhere else.
   */
  readonly accessToken: AccessToken;
  /** An implementation of `fetch`. @defaultValue the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * The full URL of a GraphQL endpoint to use instead of the shop's, with its API version.
   *
   * @remarks
   * For proxies and simulators. `http:` is allowed on loopback only.
   */
  readonly endpoint?: string | URL | undefined;
  /** How often and how long to repeat; `false` sends once. @defaultValue 5 attempts within 60 seconds */
  readonly retry?: false | RetryOptions | undefined;
  /** Milliseconds that one attempt may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  /** Is told what the transport does: requests, answers, retries, waits, API version drift. */
  readonly onEvent?: EventListener | undefined;
  readonly client?: undefined;
}

interface ForeignTransportOptions {
  /** A urql `Client` that the app owns, with its own exchanges; those of `./urql` can be among them. */
  readonly client: UrqlClient;
  readonly shop?: string | undefined;
  readonly accessToken?: undefined;
  readonly fetch?: undefined;
  readonly endpoint?: undefined;
  readonly retry?: undefined;
  readonly timeout?: undefined;
  readonly onEvent?: undefined;
}

/** How a client reaches a shop: by itself, or through a urql `Client` of the app. */
export type UsageBillingClientOptions = OwnTransportOptions | ForeignTransportOptions;

/** Options that were checked. */
export type CheckedOptions =
  | {
      readonly endpoint: string;
      readonly accessToken: AccessToken;
      readonly fetch: typeof globalThis.fetch | undefined;
      readonly retry: false | RetryOptions;
      readonly timeout: number | undefined;
      readonly onEvent: EventListener | undefined;
      readonly client?: undefined;
    }
  | { readonly client: UrqlClient };

const OWN = ["accessToken", "fetch", "endpoint", "retry", "timeout", "onEvent"];

/** `setTimeout` fires at once beyond this many milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

function checkShop(shop: unknown): string {
  if (typeof shop === "string" && /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/i.test(shop)) {
    return shop.toLowerCase();
  }
  const problem =
    typeof shop === "string" ? `is ${JSON.stringify(shop.slice(0, 100))}` : `is a ${typeof shop}`;
  throw new InvalidInputError(
    "shop",
    problem,
    'give the shop\'s own domain, without protocol or path, such as "example.myshopify.com"',
  );
}

/** Never says what the token is. */
function checkAccessToken(accessToken: unknown): AccessToken {
  if (typeof accessToken === "string") {
    if (isTokenText(accessToken)) return accessToken;
    const problem = accessToken.trim() === "" ? "is empty" : "holds characters that no header may";
    throw new InvalidInputError("accessToken", problem, "give the shop's Admin API access token");
  }
  if (isTokenFunction(accessToken)) return accessToken;
  throw new InvalidInputError(
    "accessToken",
    `is a ${typeof accessToken}`,
    "give a string, or a function that gives one",
  );
}

function isTokenFunction(value: unknown): value is () => string | Promise<string> {
  return typeof value === "function";
}

function checkEndpoint(endpoint: unknown, shop: string, apiVersion: string): string {
  if (endpoint === undefined) return `https://${shop}/admin/api/${apiVersion}/graphql.json`;
  const example = `https://proxy.example/admin/api/${apiVersion}/graphql.json`;
  const url = checkUrl("endpoint", endpoint, example);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new InvalidInputError(
      "endpoint",
      `has the protocol ${url.protocol}`,
      "give an https: URL; http: is for loopback only, so that the token is not sent in the clear",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidInputError("endpoint", "holds credentials", "give it without");
  }
  return url.href;
}

function checkNumber(field: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw new InvalidInputError(
      field,
      `is ${typeof value === "number" ? value : `a ${typeof value}`}`,
      `give a number from ${least} to ${most}`,
    );
  }
}

function checkRetry(retry: false | RetryOptions = {}): false | RetryOptions {
  if (retry === false) return retry;
  checkFields("retry", retry, ["attempts", "minDelay", "maxDelay", "deadline"]);
  const { attempts, minDelay, maxDelay, deadline } = retry;
  checkNumber("retry.attempts", attempts, 1, 100);
  if (attempts !== undefined && !Number.isInteger(attempts)) {
    throw new InvalidInputError("retry.attempts", `is ${attempts}`, "give a whole number");
  }
  checkNumber("retry.minDelay", minDelay, 0, LONGEST_TIMER);
  checkNumber("retry.maxDelay", maxDelay, 0, LONGEST_TIMER);
  checkNumber("retry.deadline", deadline, 0, LONGEST_TIMER);
  return retry;
}

function checkFunction(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw new InvalidInputError(field, `is a ${typeof value}`, "give a function");
  }
}

/** Refuses options that would send a token astray, or nothing at all. @throws InvalidInputError */
export function checkOptions(
  options: UsageBillingClientOptions,
  apiVersion: string,
): CheckedOptions {
  checkFields("options", options, ["shop", "client", ...OWN]);
  if (options.client !== undefined) {
    const excluded = Object.entries(options).find(
      ([name, value]) => OWN.includes(name) && value !== undefined,
    );
    if (excluded) {
      throw new InvalidInputError(
        excluded[0],
        "is given beside client",
        "give one of the two: an app's own client brings its own transport",
      );
    }
    const client: Partial<UrqlClient> | null = options.client;
    if (typeof client?.executeRequestOperation !== "function") {
      throw new InvalidInputError("client", "is no urql Client", "give a `Client` of @urql/core");
    }
    if (options.shop !== undefined) checkShop(options.shop);
    return { client: options.client };
  }
  const { fetch, timeout, onEvent, retry } = options;
  checkFunction("fetch", fetch);
  checkFunction("onEvent", onEvent);
  checkNumber("timeout", timeout, 1, LONGEST_TIMER);
  return {
    endpoint: checkEndpoint(options.endpoint, checkShop(options.shop), apiVersion),
    accessToken: checkAccessToken(options.accessToken),
    fetch,
    retry: checkRetry(retry),
    timeout,
    onEvent,
  };
}
