/**
 * Makes client options from the objects of Shopify's own packages, and reads the billing webhooks that they verify.
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
export type { Money } from "../money.js";
