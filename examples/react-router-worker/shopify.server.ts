/** The app, as `shopify.server.ts` of Shopify's React Router template makes it. */
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-react-router/server";

/** What differs between production and a test. */
export type Surroundings = Pick<
  Parameters<typeof shopifyApp>[0],
  "apiKey" | "apiSecretKey" | "appUrl" | "sessionStorage"
>;

export function createShopify(surroundings: Surroundings) {
  return shopifyApp({
    ...surroundings,
    apiVersion: ApiVersion.July26,
    distribution: AppDistribution.AppStore,
    // Tokens that last an hour: required for apps made since April 2026.
    future: { expiringOfflineAccessTokens: true },
  });
}
