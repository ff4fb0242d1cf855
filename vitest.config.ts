import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Examples and tests name the package as its users do; here it is its source.
    alias: [
      {
        find: /^shopify-usage-billing\/(testing|shopify|react|urql)$/,
        replacement: source("$1/index.ts"),
      },
      { find: "shopify-usage-billing/react/server", replacement: source("react/server.ts") },
      { find: /^shopify-usage-billing\/(.+)$/, replacement: source("versions/$1.ts") },
      { find: /^shopify-usage-billing$/, replacement: source("index.ts") },
      // One copy of graphql for our sources and for the packages that require it.
      { find: /^graphql$/, replacement: "graphql/index.js" },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{src,scripts,test,examples}/**/*.test.{ts,tsx}"],
          exclude: ["test/package/**", "test/matrix/**", "test/site/**", "**/node_modules/**"],
        },
      },
      // Against the built and packed package: `npm run build` comes first.
      {
        extends: true,
        test: { name: "package", include: ["test/package/**/*.test.ts"] },
      },
      // The documentation's site.
      {
        extends: true,
        test: { name: "site", include: ["test/site/**/*.test.ts"] },
      },
      // The same in many compilers and runtimes, which are installed for it.
      {
        extends: true,
        test: { name: "matrix", include: ["test/matrix/**/*.test.ts"] },
      },
    ],
  },
});
