export { UsageBillingError, type Certainty } from "./usage-billing-error.js";
export { isUsageBillingError, type AnyUsageBillingError } from "./is-usage-billing-error.js";
export { InvalidInputError } from "./invalid-input-error.js";
export { NoActiveUsageLineItemError } from "./no-active-usage-line-item-error.js";
export {
  IdempotencyConflictError,
  type ConflictingUsageRecord,
} from "./idempotency-conflict-error.js";
export {
  AccessDeniedError,
  AccessTokenError,
  AuthenticationError,
  ShopUnavailableError,
} from "./access-errors.js";
export { ThrottledError } from "./throttled-error.js";
export { ServerError } from "./server-error.js";
export { NetworkError, TimeoutError, AbortedError } from "./connection-errors.js";
export { GraphQLRequestError, type GraphQLErrorEntry } from "./graphql-request-error.js";
export { InvalidResponseError } from "./invalid-response-error.js";
