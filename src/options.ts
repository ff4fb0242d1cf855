import type { Client } from "@urql/core";
import { InvalidInputError } from "./errors/invalid-input-error.js";
import { checkFields, checkUrl, mustBe } from "./input.js";
import { isObject } from "./is-object.js";
import { isTokenText, type AccessToken } from "./transport/access-token.js";
import type { EventListener } from "./transport/events.js";
import type { RetryOptions } from "./transport/retry-options.js";

interface CommonOptions {
  /** How often and how long to retry; `false` sends once. @defaultValue 5 attempts within 60 seconds */
  readonly retry?: false | RetryOptions | undefined;
  /** Receives what the transport does: requests, responses, retries, waits, API version drift. */
  readonly onEvent?: EventListener | undefined;
}

interface OwnClientOptions extends CommonOptions {
  /** The shop's own domain: `example.myshopify.com`. */
  readonly shop: string;
  /**
   * The shop's Admin API access token, or a function that returns it.
   *
   * @remarks
   * A function is called before each attempt and once more after a 401. However many calls wait for
   * it, it runs once at a time. The token is sent to `shop`, or to `endpoint`, and nowhere else.
   */
  readonly accessToken: AccessToken;
  /** An implementation of `fetch`, which must not retry by itself. @defaultValue the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * The full URL of a GraphQL endpoint to use instead of the shop's, with its API version.
   *
   * @remarks
   * For proxies and simulators. `http:` is allowed on loopback only.
   */
  readonly endpoint?: string | URL | undefined;
  /** Milliseconds that one attempt may take, and also the token function. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  readonly client?: undefined;
}

interface AppClientOptions extends CommonOptions {
  /** A urql `Client` that the app owns, best with `adminExchange` of `./urql` as its last exchange. */
  readonly client: Client;
  readonly shop?: string | undefined;
  readonly accessToken?: undefined;
  readonly fetch?: undefined;
  readonly endpoint?: undefined;
  readonly timeout?: undefined;
}

/** How a client reaches a shop: by itself, or through a urql `Client` of the app. */
export type UsageBillingClientOptions = OwnClientOptions | AppClientOptions;

interface CheckedCommonOptions {
  readonly retry: false | RetryOptions;
  readonly onEvent: EventListener | undefined;
}

interface CheckedOwnOptions extends CheckedCommonOptions {
  readonly endpoint: string;
  readonly accessToken: AccessToken;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly timeout: number | undefined;
  readonly client?: undefined;
}

interface CheckedAppOptions extends CheckedCommonOptions {
  readonly client: Client;
}

/** Options that passed all checks. */
export type CheckedOptions = CheckedOwnOptions | CheckedAppOptions;

/** Options that the app's own urql client decides. */
const OWN = ["accessToken", "fetch", "endpoint", "timeout"];

/** The longest timer, in milliseconds. Beyond it, `setTimeout` fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

function checkShop(shop: unknown): string {
  if (typeof shop === "string" && /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/i.test(shop)) {
    return shop.toLowerCase();
  }
  throw mustBe("shop", 'the shop\'s own domain, such as "example.myshopify.com"', shop);
}

/** Checks the token. No message contains it. */
function checkAccessToken(accessToken: unknown): AccessToken {
  if (isTokenText(accessToken) || isTokenFunction(accessToken)) return accessToken;
  if (typeof accessToken !== "string") {
    throw mustBe("accessToken", "a string, or a function that returns one", accessToken);
  }
  throw new InvalidInputError(
    "accessToken",
    accessToken.trim() === ""
      ? "must be the shop's Admin API access token, got an empty string"
      : "contains characters that are not allowed in an HTTP header",
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
      `must be an https: URL, got ${url.protocol} (http: is for loopback only, so that the token is not sent in the clear)`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new InvalidInputError("endpoint", "must not contain a user name or password");
  }
  return url.href;
}

function checkNumber(field: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    throw mustBe(field, `a number from ${least} to ${most}`, value);
  }
}

/** Refuses a number of milliseconds that a timer cannot wait. */
export function checkTimeout(timeout: unknown): void {
  checkNumber("timeout", timeout, 1, LONGEST_TIMER);
}

/** Refuses invalid retry options. */
export function checkRetry(given: false | RetryOptions | undefined = {}): false | RetryOptions {
  if (given === false) return given;
  const retry = checkFields("retry", given, ["attempts", "minDelay", "maxDelay", "deadline"]);
  const { attempts, minDelay, maxDelay, deadline } = retry;
  checkNumber("retry.attempts", attempts, 1, 100);
  if (attempts !== undefined && !Number.isInteger(attempts)) {
    throw mustBe("retry.attempts", "a whole number", attempts);
  }
  checkNumber("retry.minDelay", minDelay, 0, LONGEST_TIMER);
  checkNumber("retry.maxDelay", maxDelay, 0, LONGEST_TIMER);
  checkNumber("retry.deadline", deadline, 0, LONGEST_TIMER);
  return retry;
}

function checkFunction(field: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw mustBe(field, "a function", value);
  }
}

function isUrqlClient(value: unknown): value is Client {
  return isObject(value) && typeof value["executeRequestOperation"] === "function";
}

/**
 * Refuses options with which the token could go astray, or nothing could be sent.
 *
 * @throws InvalidInputError
 */
export function checkOptions(given: UsageBillingClientOptions, apiVersion: string): CheckedOptions {
  const options = checkFields("options", given, ["shop", "client", "retry", "onEvent", ...OWN]);
  const { client, shop, onEvent } = options;
  checkFunction("onEvent", onEvent);
  const retry = checkRetry(options.retry);
  if (client !== undefined) {
    const excluded = Object.entries(options).find(
      ([name, value]) => OWN.includes(name) && value !== undefined,
    );
    if (excluded) {
      throw new InvalidInputError(
        excluded[0],
        "must not be given together with client, which decides this itself",
      );
    }
    if (!isUrqlClient(client)) {
      throw mustBe("client", "a Client of @urql/core", client);
    }
    if (shop !== undefined) checkShop(shop);
    return { client, retry, onEvent };
  }
  const { fetch, timeout } = options;
  checkFunction("fetch", fetch);
  checkTimeout(timeout);
  return {
    endpoint: checkEndpoint(options.endpoint, checkShop(shop), apiVersion),
    accessToken: checkAccessToken(options.accessToken),
    fetch,
    retry,
    timeout,
    onEvent,
  };
}
