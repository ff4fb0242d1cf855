/** The exchange that the client sends through, for an app's own urql client. */
export { adminExchange, type AdminExchangeOptions } from "../transport/admin-exchange.js";
export type { AccessToken } from "../transport/access-token.js";
