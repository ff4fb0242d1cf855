import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIntrospection } from "../scripts/introspection.js";
import { readProvenance } from "../scripts/provenance.js";
import { root } from "./repository.js";
import { run } from "./shell.js";
import type { Workbench } from "./workbench.js";

const VERSION = "2025-01";
const PRESET = "@shopify/api-codegen-preset@2.0.1";

/** A consumer that charges with `@shopify/admin-api-client`, typed by the whole schema. */
export const ADMIN_CONSUMER = `
import { createAdminApiClient } from "@shopify/admin-api-client";
import type { CurrencyCode } from "./types/admin.types.js";

const client = createAdminApiClient({
  storeDomain: "example.myshopify.com",
  apiVersion: "${VERSION}",
  accessToken: "shpat_1",
});
const { data } = await client.request(
  \`#graphql
  mutation AppUsageRecordCreate(
    $subscriptionLineItemId: ID!, $price: MoneyInput!, $description: String!, $idempotencyKey: String!
  ) {
    appUsageRecordCreate(
      subscriptionLineItemId: $subscriptionLineItemId, price: $price,
      description: $description, idempotencyKey: $idempotencyKey
    ) {
      appUsageRecord { id createdAt description idempotencyKey price { amount currencyCode } }
      userErrors { field message }
    }
  }\`,
  {
    variables: {
      subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
      description: "1000 emails",
      price: { amount: "1.00", currencyCode: "USD" as CurrencyCode },
      idempotencyKey: "event-1",
    },
  },
);
const record = data?.appUsageRecordCreate?.appUsageRecord;
export const amount: string | null = record ? record.price.amount : null;
`;

const CODEGEN = `
import { ApiType, pluckConfig, shopifyApiTypes } from "@shopify/api-codegen-preset";

export default {
  pluckConfig,
  generates: shopifyApiTypes({
    apiType: ApiType.Admin,
    apiVersion: "${VERSION}",
    outputDir: "admin/types",
    documents: ["admin/*.ts"],
  }),
};
`;

/**
 * Makes an app whose folder `admin` has the types that Shopify's preset generates for {@link
 * ADMIN_CONSUMER}.
 */
export async function createAdminApp(workbench: Workbench): Promise<string> {
  const app = await workbench.install(
    "admin-types",
    ["@shopify/admin-api-client", "@types/node", "graphql"],
    [PRESET],
  );
  const source = readProvenance(root)[VERSION]?.source;
  if (source === undefined) throw new Error(`The source of ${VERSION} is not recorded`);
  const { schema } = await readIntrospection(source);
  await mkdir(join(app, "admin/types"), { recursive: true });
  // If this file exists, the preset fetches nothing.
  await writeFile(join(app, `admin/types/admin-${VERSION}.schema.json`), JSON.stringify(schema));
  await writeFile(join(app, "admin/index.ts"), ADMIN_CONSUMER);
  await writeFile(join(app, "codegen.ts"), CODEGEN);
  await run(app, join(app, "node_modules/.bin/graphql-codegen"), "--config", "codegen.ts");
  return app;
}
