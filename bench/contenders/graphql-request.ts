import { GraphQLClient } from "graphql-request";
import { chargeOperation, chargedIn, chargeVariables, type ChargeData } from "../charge.js";
import { contend } from "../charging.js";

contend(({ endpoint, accessToken }) => {
  const client = new GraphQLClient(endpoint, {
    headers: { "x-shopify-access-token": accessToken },
  });
  return async (idempotencyKey) =>
    chargedIn(await client.request<ChargeData>(chargeOperation, chargeVariables(idempotencyKey)));
});
