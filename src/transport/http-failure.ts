import {
  AccessDeniedError,
  AuthenticationError,
  ShopUnavailableError,
} from "../errors/access-errors.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";

/** What is known of an HTTP answer that is no 2xx. */
export interface HttpAnswer {
  readonly status: number;
  readonly requestId: string | null;
  /** Milliseconds. */
  readonly retryAfter: number | null;
  /** Null where it could not be read. */
  readonly body: string | null;
}

/**
 * The error that an HTTP status stands for.
 *
 * @remarks
 * 3xx and 4xx mean that nothing was executed, but for 408, where the server may have
 * waited for its own work. Source of the statuses:
 * https://shopify.dev/docs/api/usage/response-codes
 */
export function httpFailure({ status, ...answer }: HttpAnswer): UsageBillingError {
  const executed = status === 408 || status >= 500;
  const facts = { ...answer, status, certainty: executed ? "unknown" : "notApplied" } as const;
  if (status === 401) {
    return new AuthenticationError("Shopify did not accept the access token (401)", facts);
  }
  if (status === 403) return new AccessDeniedError("Shopify denied access (403)", facts);
  if (status === 402) return new ShopUnavailableError("The shop is frozen (402)", facts);
  if (status === 404) {
    return new ShopUnavailableError("Shopify knows no such shop or API version (404)", facts);
  }
  if (status === 423) return new ShopUnavailableError("The shop is locked (423)", facts);
  if (status === 429) return new ThrottledError("Shopify received too many requests (429)", facts);
  if (status >= 500) return new ServerError(`Shopify failed (${status})`, facts);
  return new InvalidResponseError(`Shopify answered with the unexpected status ${status}`, {
    ...facts,
    retryable: status === 408 || status === 430,
  });
}
