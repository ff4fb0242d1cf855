/**
 * A client from what Shopify's own packages give an app, and the webhooks about billing that they check.
 *
 * @packageDocumentation
 */
export { fromApp, type AppConnection, type ShopifyApp } from "./from-app.js";
export { fromSession, type SessionConnection, type ShopifySession } from "./from-session.js";
export {
  fromAdmin,
  type AdminConnection,
  type AdminGraphQLOptions,
  type ShopifyAdmin,
} from "./from-admin.js";
export {
  readBillingWebhook,
  type AppPurchasesOneTimeUpdatePayload,
  type AppSubscriptionsApproachingCappedAmountPayload,
  type AppSubscriptionsUpdatePayload,
  type AppUninstalledPayload,
  type BillingWebhook,
} from "./billing-webhook.js";
