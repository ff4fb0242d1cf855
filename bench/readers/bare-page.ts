import { accessTokenOf, lineItemId } from "../charge.js";
import type { ReadRecord } from "../reading.js";

/** The operation's text as this package sends it, inserted when the programs are compiled. */
declare const READ_OPERATION: string;

interface BarePage {
  readonly nodes: readonly ReadRecord[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

interface Answer {
  readonly data: {
    readonly node: {
      readonly lineItems: readonly { readonly id: string; readonly usageRecords: BarePage }[];
    };
  };
}

const accessToken = accessTokenOf(0);

/** Reads one page of usage records with `fetch`, as a careful app would. */
export async function readBarePage(endpoint: string, after: string | null): Promise<BarePage> {
  const variables = {
    subscriptionId: "gid://shopify/AppSubscription/1029266950",
    first: 250,
    after,
  };
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-shopify-access-token": accessToken,
    },
    body: JSON.stringify({ query: READ_OPERATION, variables }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  // The benchmark's server returns nothing else; the records are counted and summed.
  const { data } = (await response.json()) as Answer;
  const lineItem = data.node.lineItems.find(({ id }) => id === lineItemId);
  if (!lineItem) throw new Error("There is no such line item");
  return lineItem.usageRecords;
}
