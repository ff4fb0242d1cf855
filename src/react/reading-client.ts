import { cacheExchange, Client, ssrExchange, type SSRData } from "@urql/core";
import type { ApiVersion } from "../api-versions.js";
import { following } from "../abort.js";
import { checkFields } from "../input.js";
import { TokenSource } from "../transport/access-token.js";
import { terminal } from "../transport/admin-exchange.js";
import { attempting } from "../transport/attempt.js";
import type { EventListener } from "../transport/events.js";
import type { RetryOptions } from "../transport/retry-options.js";
import { reporting } from "../transport/reporting.js";
import { retrying } from "../transport/retrying.js";
import type { Send } from "../transport/send.js";
import { freshnessExchange } from "./freshness-exchange.js";
import { readingExchange } from "./reading-exchange.js";

/** The version of the hooks' documents and types: the newest stable one. */
export const READING_VERSION = "2026-10";

/** How a browser reaches its data. */
export interface ReadingClientOptions {
  /**
   * Where to send queries: a path or URL on the app's own server.
   *
   * @defaultValue App Bridge's direct API access, `shopify:admin/api/<version>/graphql.json`
   */
  readonly endpoint?: string | undefined;
  /**
   * The API version to use for direct API access.
   *
   * @defaultValue `"2026-10"`, the version of the hooks' types
   */
  readonly apiVersion?: ApiVersion | undefined;
  /**
   * An implementation of `fetch`.
   *
   * @defaultValue the global one, looked up at each call because App Bridge extends it
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds that one attempt may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  /**
   * How often and how long to retry; `false` sends once.
   *
   * @defaultValue 3 attempts within 20 seconds
   */
  readonly retry?: false | RetryOptions | undefined;
  /**
   * What the server that rendered the page has read: the result of `prefetchUsage`, or of urql's
   * `ssrExchange`.
   */
  readonly initialState?: SSRData | undefined;
  /** Receives what the transport does: requests, responses, retries, API version drift. */
  readonly onEvent?: EventListener | undefined;
}

const FIELDS = ["endpoint", "apiVersion", "fetch", "timeout", "retry", "initialState", "onEvent"];

/**
 * A placeholder for the token that the transport asks for. It is never sent: App Bridge or the
 * app's session has the real one.
 */
const NO_TOKEN = "held-by-the-server";

/** The browser's `fetch`, without an access token. */
function withoutToken(fetch: typeof globalThis.fetch | undefined): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("x-shopify-access-token");
    return (fetch ?? globalThis.fetch)(input, { ...init, headers });
  };
}

/**
 * Makes the urql client of a page that shows usage.
 *
 * @remarks
 * {@link UsageBillingProvider} makes one by itself. Make your own to use another `fetch` or to
 * receive events. It sends queries by POST, retries temporary failures, caches responses for the
 * life of the page, and refuses mutations, so it cannot charge.
 *
 * @throws InvalidInputError if an option is unknown or invalid
 *
 * @example
 * ```ts
 * const client = createReadingClient({ endpoint: "/api/usage-billing" });
 * ```
 */
export function createReadingClient(options: ReadingClientOptions = {}): Client {
  checkFields("options", options, FIELDS);
  const { apiVersion = READING_VERSION, fetch, timeout, initialState, onEvent } = options;
  const { endpoint = `shopify:admin/api/${apiVersion}/graphql.json`, retry = {} } = options;
  const tokens = new TokenSource(NO_TOKEN);
  const attempt = attempting({ endpoint, tokens, fetch: withoutToken(fetch), timeout });
  const once: Send = (operation, signal) => {
    const { controller, release } = following(signal);
    return attempt(operation, controller).finally(release);
  };
  const reported = reporting(once, onEvent, options.endpoint === undefined ? apiVersion : null);
  const send = retrying(reported, retry && { attempts: 3, deadline: 20_000, ...retry }, onEvent);
  return new Client({
    url: endpoint,
    exchanges: [
      freshnessExchange,
      cacheExchange,
      ...(initialState ? [ssrExchange({ isClient: true, initialState })] : []),
      readingExchange,
      terminal((operation, { signal }) => send(operation, signal)),
    ],
  });
}
