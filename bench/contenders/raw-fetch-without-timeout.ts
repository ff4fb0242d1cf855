import { chargeOperation, chargedIn, chargeVariables, type ChargeData } from "../charge.js";
import { contend } from "../charging.js";

// For comparison with peers that have no timeout and redirect mode.
contend(({ endpoint, accessToken }) => async (idempotencyKey) => {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-shopify-access-token": accessToken,
    },
    body: JSON.stringify({ query: chargeOperation, variables: chargeVariables(idempotencyKey) }),
  });
  // The benchmark's server returns nothing else; the record is checked.
  const { data } = (await response.json()) as { data?: ChargeData };
  return chargedIn(data);
});
