import type {
  AccessDeniedError,
  AccessTokenError,
  AuthenticationError,
  ShopUnavailableError,
} from "./access-errors.js";
import type { AbortedError, NetworkError, TimeoutError } from "./connection-errors.js";
import type { GraphQLRequestError } from "./graphql-request-error.js";
import type { IdempotencyConflictError } from "./idempotency-conflict-error.js";
import type { InvalidInputError } from "./invalid-input-error.js";
import type { InvalidResponseError } from "./invalid-response-error.js";
import type { NoActiveUsageLineItemError } from "./no-active-usage-line-item-error.js";
import type { ServerError } from "./server-error.js";
import type { ThrottledError } from "./throttled-error.js";
import { isBranded } from "./usage-billing-error.js";

/** The union of all error classes of this package, which `switch (error.name)` tells apart. */
export type AnyUsageBillingError =
  | AbortedError
  | AccessDeniedError
  | AccessTokenError
  | AuthenticationError
  | GraphQLRequestError
  | IdempotencyConflictError
  | InvalidInputError
  | InvalidResponseError
  | NetworkError
  | NoActiveUsageLineItemError
  | ServerError
  | ShopUnavailableError
  | ThrottledError
  | TimeoutError;

/**
 * Whether a value is an error of this package, from whichever copy of it.
 *
 * @remarks
 * Not `instanceof`: an app may load this package both as an ES module and as CommonJS, and each copy
 * has classes of its own.
 *
 * @example
 * ```ts
 * billing.createUsageRecord(input).catch(async (error: unknown) => {
 *   if (!isUsageBillingError(error) || !error.retryable) throw error;
 *   await wait(error.retryAfter ?? 1_000);
 * });
 * ```
 */
export function isUsageBillingError(error: unknown): error is AnyUsageBillingError {
  return isBranded(error);
}
