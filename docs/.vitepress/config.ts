import { cpSync, existsSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = "https://github.com/shopify-usage-billing/shopify-usage-billing";

/** Where a relative link leads on the site: pages stay links, everything outside docs/ is on GitHub. */
function siteLink(page: string, href: string): string {
  if (!href.startsWith(".")) return href;
  const path = posix.normalize(posix.join("docs", dirname(relative(docs, page)), href));
  return path.startsWith("docs/") ? href : `${SOURCE}/blob/main/${path}`;
}

/** A heading's anchor as GitHub makes it, so that a link works in both places. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

export default defineConfig({
  title: "shopify-usage-billing",
  description: "Charge merchants for usage through Shopify's Billing API, exactly once.",
  lang: "en",
  base: process.env["DOCS_BASE"] ?? "/",
  cleanUrls: true,
  rewrites: { "README.md": "index.md" },
  srcExclude: ["**/node_modules/**", "api/**", "reference/**", ".snippets-*/**"],
  // TypeDoc writes the reference; it is copied beside the pages when they are built.
  ignoreDeadLinks: [/\/api\/$/],
  markdown: {
    anchor: { slugify: anchor },
    config: (md) => {
      md.core.ruler.push("links-out-of-docs", ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === "link_open" ? token.attrGet("href") : null;
          if (href !== null) token.attrSet("href", siteLink(String(env.path), href));
        }
      });
    },
  },
  buildEnd: ({ outDir }) => {
    const reference = join(docs, "api");
    if (existsSync(reference)) cpSync(reference, join(outDir, "api"), { recursive: true });
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: SOURCE }],
    editLink: { pattern: `${SOURCE}/edit/main/docs/:path` },
    nav: [
      { text: "Guide", link: "/guide/first-billed-app" },
      { text: "Errors", link: "/errors" },
      { text: "Options", link: "/options" },
      { text: "API reference", link: "/api/", target: "_self" },
    ],
    sidebar: [
      {
        text: "Guide",
        items: [
          { text: "Your first billed app", link: "/guide/first-billed-app" },
          { text: "From a worker, with tokens that expire", link: "/guide/workers-and-tokens" },
          { text: "Jobs on BullMQ, pg-boss, Inngest, Temporal", link: "/guide/job-queues" },
          { text: "Many uses, few charges", link: "/guide/many-uses" },
          { text: "From uses to invoice lines", link: "/guide/modelling" },
          { text: "The ledger in React Router", link: "/guide/ledger-in-react-router" },
          { text: "When the cap is reached", link: "/guide/cap-reached" },
          { text: "Reconcile", link: "/guide/reconcile" },
          { text: "Uninstall, reinstall, privacy", link: "/guide/uninstall" },
          { text: "Pricing models and currencies", link: "/guide/pricing" },
          { text: "Shopify CLI and a dev store", link: "/guide/shopify-cli" },
          { text: "Monitoring with OpenTelemetry", link: "/guide/opentelemetry" },
          { text: "Moving to a new API version", link: "/guide/new-api-version" },
          { text: "Jest, CommonJS, older TypeScript", link: "/guide/jest-commonjs-typescript" },
          { text: "#graphql strings, gql.tada, Apollo, urql", link: "/guide/graphql-tools" },
        ],
      },
      {
        text: "Reference",
        items: [
          { text: "Concepts", link: "/concepts" },
          { text: "Options and parameters", link: "/options" },
          { text: "Errors", link: "/errors" },
          { text: "Guarantees", link: "/guarantees" },
          { text: "API versions", link: "/versions" },
          { text: "Your own operations", link: "/extending" },
          { text: "Simulator", link: "/simulator" },
          { text: "Command line", link: "/command-line" },
          { text: "React", link: "/react" },
          { text: "Migrating from @shopify/shopify-api", link: "/migrating-from-shopify-api" },
          { text: "API reference", link: "/api/", target: "_self" },
        ],
      },
    ],
  },
});
