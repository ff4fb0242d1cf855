import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Examples and tests name the package as its users do; here it is its source.
    alias: [
      {
        find: /^shopify-usage-billing\/(testing|shopify|react)$/,
        replacement: source("$1/index.ts"),
      },
      { find: "shopify-usage-billing/urql", replacement: source("transport/index.ts") },
      { find: /^shopify-usage-billing\/(.+)$/, replacement: source("versions/$1.ts") },
      { find: /^shopify-usage-billing$/, replacement: source("index.ts") },
      // One copy of graphql for our sources and for the packages that require it.
      { find: /^graphql$/, replacement: "graphql/index.js" },
    ],
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.ts", "test/**/*.test.ts"],
    typecheck: { include: ["src/**/*.test-d.ts", "test/**/*.test-d.ts"] },
  },
});
