import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = (path: string): string =>
  fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    // Here the package is this repository's source. An app has it in node_modules and needs none of this.
    alias: [
      { find: "shopify-usage-billing/react", replacement: source("react/index.ts") },
      { find: "shopify-usage-billing", replacement: source("index.ts") },
    ],
  },
  cacheDir: "../../node_modules/.vite/embedded-app",
  optimizeDeps: {
    include: [
      "react",
      "react/jsx-dev-runtime",
      "react-dom/client",
      "urql",
      "@urql/core",
      "wonka",
      "@visx/axis",
      "@visx/grid",
      "@visx/scale",
      "@visx/shape",
    ],
  },
});
