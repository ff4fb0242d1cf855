/** The client's transport as exchanges, for an app's own urql client. */
import type { Exchange } from "@urql/core";
import { pacing, type PacingOptions } from "../transport/pacing.js";
import { retrying, type RetryingOptions } from "../transport/retrying.js";
import { sending, type SendingOptions } from "../transport/sending.js";
import { exchangeOf } from "./exchange.js";

export type { AccessToken } from "../transport/access-token.js";
export type * from "../transport/events.js";
export type { RetryOptions } from "../transport/retrying.js";

/** What the fetch exchange takes. */
export interface FetchExchangeOptions extends SendingOptions {}

/** What the retry exchange takes. */
export interface RetryExchangeOptions extends RetryingOptions {}

/** What the pacing exchange takes. */
export interface PacingExchangeOptions extends PacingOptions {}

/**
 * The terminal exchange: sends operations to one shop's Admin API by POST.
 *
 * @remarks
 * It replaces urql's own, which hides the headers of successes and the bodies of failures,
 * sends queries by GET and follows redirects with the token. No cache, one attempt; a failed
 * one is an error with `networkError` of a `UsageBillingError`.
 *
 * @example
 * ```ts
 * new Client({
 *   url: endpoint,
 *   exchanges: [retryExchange(), pacingExchange(), fetchExchange({ endpoint, accessToken })],
 * });
 * ```
 */
export function fetchExchange(options: FetchExchangeOptions): Exchange {
  const send = sending(options);
  return exchangeOf(() => send);
}

/**
 * Repeats what failed and may be repeated: same operation, same variables, same idempotency key.
 *
 * @remarks
 * Repeated are connection failures, timeouts, unreadable bodies, 408, 429, 5xx, `THROTTLED`,
 * `INTERNAL_SERVER_ERROR`, and the user error that another request with the same key is being
 * processed. A mutation without an idempotency key is repeated only where the server surely did
 * not execute it. `Retry-After` is obeyed; otherwise the wait is a random part of a bound that
 * doubles (exponential backoff with full jitter). A wait beyond the deadline is not begun.
 */
export function retryExchange(options?: RetryExchangeOptions): Exchange {
  return exchangeOf(retrying(options));
}

/**
 * Sends operations in order of arrival, each when the shop's cost bucket holds its points.
 *
 * @remarks
 * A backlog then drains at the restore rate, with next to no `THROTTLED` answers, alone or beside
 * other processes that share the bucket. The bucket is estimated from `extensions.cost` of
 * each answer and the clock (https://shopify.dev/docs/api/usage/rate-limits); answers without it
 * turn pacing off. An operation that comes back to be sent again goes before those that were
 * never sent. The wait is ended by teardown alone.
 */
export function pacingExchange(options?: PacingExchangeOptions): Exchange {
  return exchangeOf(pacing(options));
}
