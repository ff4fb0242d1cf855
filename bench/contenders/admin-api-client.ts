import { createAdminApiClient } from "@shopify/admin-api-client";
import { chargeOperation, chargedIn, chargeVariables, type ChargeData } from "../charge.js";
import { contend } from "../charging.js";

// It supports https only: its option for another `fetch` redirects it to the local server.
contend(({ endpoint, shop, accessToken }) => {
  const client = createAdminApiClient({
    storeDomain: shop,
    apiVersion: "unstable",
    accessToken,
    customFetchApi: (_url, init) => fetch(endpoint, init),
  });
  return async (idempotencyKey) => {
    const { data } = await client.request<ChargeData>(chargeOperation, {
      variables: chargeVariables(idempotencyKey),
    });
    return chargedIn(data);
  };
});
