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
      { find: "shopify-usage-billing/api-versions", replacement: source("api-versions.ts") },
      { find: "shopify-usage-billing/react/server", replacement: source("react/server.ts") },
      { find: /^shopify-usage-billing\/(.+)$/, replacement: source("versions/$1.ts") },
      {
        find: /^shopify-usage-ledger\/pg-boss$/,
        replacement: fileURLToPath(
          new URL("packages/ledger/src/pg-boss/index.ts", import.meta.url),
        ),
      },
      {
        find: /^shopify-usage-ledger$/,
        replacement: fileURLToPath(new URL("packages/ledger/src/index.ts", import.meta.url)),
      },
      { find: /^shopify-usage-billing$/, replacement: source("index.ts") },
      // One copy of graphql for our sources and for the packages that require it.
      { find: /^graphql$/, replacement: "graphql/index.js" },
    ],
  },
  test: {
    // Slow machines: a test that hangs still ends.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{src,scripts,test,examples,packages}/**/*.test.{ts,tsx}"],
          exclude: [
            "packages/cli/**",
            "packages/ledger/**",
            "test/package/**",
            "test/matrix/**",
            "test/site/**",
            "**/node_modules/**",
          ],
        },
      },
      // The command line as a process of its own, on the built library.
      {
        extends: true,
        test: {
          name: "cli",
          include: ["packages/cli/**/*.test.ts"],
          globalSetup: ["packages/cli/vitest.setup.ts", "packages/ledger/test/global-setup.ts"],
          // A process takes its time on a busy machine.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      // The usage ledger, on a real PostgreSQL server.
      {
        extends: true,
        test: {
          name: "ledger",
          include: ["packages/ledger/**/*.test.ts"],
          globalSetup: "packages/ledger/test/global-setup.ts",
          testTimeout: 60_000,
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
