import { Client, fetchExchange, gql } from "@urql/core";
import {
  chargeOperation,
  chargedIn,
  chargeVariables,
  type ChargeData,
  type ChargeVariables,
} from "../charge.js";
import { contend } from "../charging.js";

const document = gql<ChargeData, ChargeVariables>(chargeOperation);

contend(({ endpoint, accessToken }) => {
  const client = new Client({
    url: endpoint,
    exchanges: [fetchExchange],
    fetchOptions: { headers: { "x-shopify-access-token": accessToken } },
  });
  return async (idempotencyKey) => {
    const { data } = await client.mutation(document, chargeVariables(idempotencyKey)).toPromise();
    return chargedIn(data);
  };
});
