import { chargeOperation, chargedIn, chargeVariables, type ChargeData } from "../charge.js";
import { contend } from "../charging.js";

// The limit: only `fetch`, with the timeout and the redirect mode that a charge needs.
contend(({ endpoint, accessToken }) => async (idempotencyKey) => {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-shopify-access-token": accessToken,
    },
    body: JSON.stringify({ query: chargeOperation, variables: chargeVariables(idempotencyKey) }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  // The benchmark's server returns nothing else; the record is checked.
  const { data } = (await response.json()) as { data?: ChargeData };
  return chargedIn(data);
});
