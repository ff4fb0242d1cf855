import { bundleSize, type BundleSize } from "../bundle.js";
import { figure, table } from "../markdown.js";
import type { Measure } from "../section.js";

/** Modules that import what a charge needs. */
const MODULES: readonly (readonly [title: string, code: string])[] = [
  ["**shopify-usage-billing**, all of the main entry", `export * from "shopify-usage-billing";`],
  [
    "**shopify-usage-billing**, `createUsageBillingClient`",
    `export { createUsageBillingClient } from "shopify-usage-billing";`,
  ],
  [
    "@shopify/admin-api-client, `createAdminApiClient`",
    `export { createAdminApiClient } from "@shopify/admin-api-client";`,
  ],
  [
    "@shopify/shopify-api, `shopifyApi` and the adapter for Node",
    `import "@shopify/shopify-api/adapters/node";
     export { shopifyApi, Session } from "@shopify/shopify-api";`,
  ],
  ["graphql-request, `GraphQLClient`", `export { GraphQLClient, gql } from "graphql-request";`],
  [
    "@urql/core, `Client` and `fetchExchange`",
    `export { Client, fetchExchange, gql } from "@urql/core";`,
  ],
  ["@urql/core, `Client`", `export { Client } from "@urql/core";`],
];

function kilobytes(bytes: number): string {
  return figure(bytes / 1_000, 1);
}

/** Measures what an app has to bundle for each library. */
export const bundleSizes: Measure = async ({ workbench, say }) => {
  const app = await workbench.app();
  const sizes: (readonly [title: string, size: BundleSize])[] = [];
  for (const [title, code] of MODULES) {
    say(`bundle: ${title.replaceAll("*", "")}`);
    sizes.push([title, await bundleSize(app, code)]);
  }
  const find = (start: string): number =>
    sizes.find(([title]) => title.startsWith(start))?.[1].gzipped ?? Number.NaN;
  const ours = find("**shopify-usage-billing**, all");
  const theirs = find("@shopify/shopify-api");
  return {
    title: "Bundle",
    text: [
      "Bundled by esbuild with all that is needed, minified, gzipped (level 9), in kB of 1,000 bytes:",
      table(
        ["module", "minified", "gzipped"],
        sizes.map(([title, { minified, gzipped }]) => [
          title,
          kilobytes(minified),
          kilobytes(gzipped),
        ]),
      ),
    ],
    goals: [
      {
        what: "minified and gzipped, main entry with all it needs, one version",
        goal: "at most 25 kB",
        measured: `${kilobytes(ours)} kB; @shopify/shopify-api ${kilobytes(theirs)} kB, ${figure(theirs / ours, 1)} times that`,
        met: ours <= 25_000,
      },
    ],
  };
};
