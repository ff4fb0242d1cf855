import type { OperationResult } from "@urql/core";
import {
  AccessDeniedError,
  AuthenticationError,
  ShopUnavailableError,
} from "../errors/access-errors.js";
import { NetworkError, TimeoutError } from "../errors/connection-errors.js";
import { GraphQLRequestError } from "../errors/graphql-request-error.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { failureOf } from "../transport/failure.js";

/** Why a read failed: those of the client's errors that a read can cause. */
export type ReadError =
  | AccessDeniedError
  | AuthenticationError
  | GraphQLRequestError
  | InvalidInputError
  | InvalidResponseError
  | NetworkError
  | NoActiveUsageLineItemError
  | ServerError
  | ShopUnavailableError
  | ThrottledError
  | TimeoutError;

/**
 * The errors that a urql network error can stand for, rebuilt from what `ssrExchange` keeps of
 * them.
 */
const REVIVED: ReadonlyMap<string, (message: string) => ReadError> = new Map<
  string,
  (message: string) => ReadError
>([
  ["AccessDeniedError", (message) => new AccessDeniedError(message)],
  ["AuthenticationError", (message) => new AuthenticationError(message)],
  ["InvalidInputError", () => new InvalidInputError("document", "is not a query", "send a query")],
  ["InvalidResponseError", (message) => new InvalidResponseError(message)],
  ["NetworkError", (message) => new NetworkError(message)],
  ["ServerError", (message) => new ServerError(message, {})],
  ["ShopUnavailableError", (message) => new ShopUnavailableError(message)],
  ["ThrottledError", (message) => new ThrottledError(message, { retryAfter: null })],
  ["TimeoutError", (message) => new TimeoutError(message)],
]);

const READ_ERRORS: readonly (abstract new (...args: never) => ReadError)[] = [
  AccessDeniedError,
  AuthenticationError,
  GraphQLRequestError,
  InvalidInputError,
  InvalidResponseError,
  NetworkError,
  NoActiveUsageLineItemError,
  ServerError,
  ShopUnavailableError,
  ThrottledError,
  TimeoutError,
];

function isReadError(error: unknown): error is ReadError {
  return READ_ERRORS.some((kind) => error instanceof kind);
}

/**
 * Rebuilds the error that a server met while rendering. `ssrExchange` keeps only `name: message`.
 */
function revive({ error }: OperationResult): ReadError | null {
  const { networkError } = error ?? {};
  if (!networkError || networkError instanceof UsageBillingError) return null;
  const [, name = "", message = ""] = /^(\w+): (.*)$/s.exec(networkError.message) ?? [];
  return REVIVED.get(name)?.(message) ?? null;
}

/**
 * Returns a thrown value as a `ReadError`. An unknown one means that the response has another
 * shape.
 */
export function toReadError(cause: unknown): ReadError {
  if (isReadError(cause)) return cause;
  return new InvalidResponseError("The response does not have the requested shape", { cause });
}

/** Returns why a result has no data to rely on; `null` if it has. */
export function readErrorOf(result: OperationResult): ReadError | null {
  const failure = revive(result) ?? failureOf(result);
  return failure && toReadError(failure);
}
