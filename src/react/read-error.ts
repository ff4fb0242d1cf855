import type { OperationResult } from "@urql/core";
import {
  AccessDeniedError,
  AccessTokenError,
  AuthenticationError,
  ShopUnavailableError,
} from "../errors/access-errors.js";
import { NetworkError, TimeoutError } from "../errors/connection-errors.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import {
  isUsageBillingError,
  type AnyUsageBillingError,
} from "../errors/is-usage-billing-error.js";
import { ServerError } from "../errors/server-error.js";
import { ThrottledError } from "../errors/throttled-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { failureOf } from "../transport/failure.js";

/** Why a read failed: any error of the client except those of an abort and of a charge. */
export type ReadError = Exclude<
  AnyUsageBillingError,
  { readonly name: "AbortedError" | "IdempotencyConflictError" }
>;

/** Not here: GraphQL errors, which have no network error, and what a hook finds in data. */
type NetworkErrorName = Exclude<
  ReadError["name"],
  "GraphQLRequestError" | "NoActiveUsageLineItemError"
>;

/**
 * The errors that a urql network error can stand for, rebuilt from what `ssrExchange` keeps of
 * them.
 */
const REVIVED: Readonly<Record<NetworkErrorName, (message: string) => ReadError>> = {
  AccessDeniedError: (message) => new AccessDeniedError(message),
  AccessTokenError: (message) => new AccessTokenError(message),
  AuthenticationError: (message) => new AuthenticationError(message),
  InvalidInputError: () => new InvalidInputError("document", "is not a query", "send a query"),
  InvalidResponseError: (message) => new InvalidResponseError(message),
  NetworkError: (message) => new NetworkError(message),
  ServerError: (message) => new ServerError(message),
  ShopUnavailableError: (message) => new ShopUnavailableError(message),
  ThrottledError: (message) => new ThrottledError(message),
  TimeoutError: (message) => new TimeoutError(message),
};
const REVIVED_BY_NAME: ReadonlyMap<string, (message: string) => ReadError> = new Map(
  Object.entries(REVIVED),
);

function isReadError(error: unknown): error is ReadError {
  return (
    isUsageBillingError(error) &&
    error.name !== "AbortedError" &&
    error.name !== "IdempotencyConflictError"
  );
}

/**
 * Rebuilds the error that a server met while rendering. `ssrExchange` keeps only `name: message`.
 */
function revive({ error }: OperationResult): ReadError | null {
  const { networkError } = error ?? {};
  if (!networkError || networkError instanceof UsageBillingError) return null;
  const [, name = "", message = ""] = /^(\w+): (.*)$/s.exec(networkError.message) ?? [];
  return REVIVED_BY_NAME.get(name)?.(message) ?? null;
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
