import "@shopify/shopify-api/adapters/node";
import { ApiVersion, Session, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { description, lineItemId, price } from "../charge.js";
import { contend, type Charge } from "../charging.js";

let shopify: ReturnType<typeof shopifyApi> | undefined;

// One library for all shops, a session for each. It speaks https only: its own hook for another
// `fetch` brings it to the local server.
contend(({ endpoint, shop, accessToken }): Charge => {
  setAbstractFetchFunc((_url, init) => fetch(endpoint, init));
  shopify ??= shopifyApi({
    apiKey: "key",
    apiSecretKey: "secret",
    apiVersion: ApiVersion.October26,
    hostName: "app.example",
    isEmbeddedApp: true,
    scopes: [],
  });
  const { billing } = shopify;
  const session = new Session({ id: shop, shop, state: "", isOnline: false, accessToken });
  return async (idempotencyKey) =>
    billing.createUsageRecord({
      session,
      subscriptionLineItemId: lineItemId,
      description,
      price: { amount: Number(price.amount), currencyCode: price.currencyCode },
      idempotencyKey,
    });
});
