import {
  AccessDeniedError,
  AuthenticationError,
  ShopUnavailableError,
} from "../errors/access-errors.js";
import { NetworkError } from "../errors/connection-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import type { AnswerHead } from "./call.js";
import { certaintyOfStatus } from "./certainty.js";
import { wordsOf } from "./shopify-words.js";

/**
 * Returns the error for an HTTP status other than 2xx.
 *
 * @remarks
 * Source of the statuses: https://shopify.dev/docs/api/usage/response-codes; 430 was reported by developers
 * in short bursts.
 *
 * @param body - the body's text, without the access token; null if it broke off
 */
export function httpFailure(
  { status, requestId, retryAfter }: AnswerHead,
  body: string | null,
): UsageBillingError {
  const certainty = certaintyOfStatus(status, body !== null);
  const facts = { certainty, status, requestId, retryAfter, body };
  const words = body === null ? null : wordsOf(body);
  const saying = (what: string): string =>
    words === null ? `${what} (${status})` : `${what} (${status}): ${words}`;
  if (status === 0) {
    return new NetworkError("The connection to Shopify failed: fetch gave a network error", facts);
  }
  if (status === 401) {
    return new AuthenticationError(saying("Shopify did not accept the access token"), facts);
  }
  if (status === 403) return new AccessDeniedError(saying("Shopify denied access"), facts);
  if (status === 402) return new ShopUnavailableError(saying("The shop is frozen"), facts);
  if (status === 404) {
    return new ShopUnavailableError(saying("Shopify has no such shop or API version"), facts);
  }
  if (status === 423) return new ShopUnavailableError(saying("The shop is locked"), facts);
  if (status === 429 || status === 430) {
    return new ThrottledError(saying("Shopify received too many requests"), facts);
  }
  if (status >= 500) return new ServerError(saying("Shopify failed"), facts);
  const retryable = status === 408 || status === 499;
  return new InvalidResponseError(saying("Shopify responded with an unexpected status"), {
    ...facts,
    retryable,
  });
}

/** The error of a redirect, which is never followed: `fetch` would hand the access token to its target. */
export function redirectFailure({ status, requestId }: AnswerHead): InvalidResponseError {
  return new InvalidResponseError("Shopify redirected the request; it was not followed", {
    certainty: certaintyOfStatus(status, true),
    status,
    requestId,
  });
}
