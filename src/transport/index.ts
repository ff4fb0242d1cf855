/** The client's exchanges, for an app's own urql client. */
export type { AccessToken } from "./access-token.js";
export { fetchExchange, type FetchExchangeOptions } from "./fetch-exchange.js";
export { retryExchange, type RetryExchangeOptions, type RetryOptions } from "./retry-exchange.js";
export { pacingExchange, type PacingExchangeOptions } from "./pacing-exchange.js";
export type * from "./events.js";
