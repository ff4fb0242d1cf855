import { createAdminApiClient } from "@shopify/admin-api-client";
import { chargeOperation, chargedIn, chargeVariables, type ChargeData } from "../charge.js";
import { contend } from "../charging.js";

// With the timeout and the redirect mode of the limit, which the library leaves to its users.
contend(({ endpoint, shop, accessToken }) => {
  const client = createAdminApiClient({
    storeDomain: shop,
    apiVersion: "unstable",
    accessToken,
    customFetchApi: (_url, init) => fetch(endpoint, { ...init, redirect: "manual" }),
  });
  return async (idempotencyKey) => {
    const { data } = await client.request<ChargeData>(chargeOperation, {
      variables: chargeVariables(idempotencyKey),
      signal: AbortSignal.timeout(10_000),
    });
    return chargedIn(data);
  };
});
