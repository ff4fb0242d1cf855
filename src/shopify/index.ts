/**
 * A client from what Shopify's own packages give an app: a session, or `admin`.
 *
 * @packageDocumentation
 */
export { fromSession, type SessionConnection, type ShopifySession } from "./from-session.js";
export {
  fromAdmin,
  type AdminConnection,
  type AdminGraphQLOptions,
  type ShopifyAdmin,
} from "./from-admin.js";
