/** One way to make the same charge. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  /** Its program in `contenders/`. By default, that of its name. */
  readonly program?: string;
  /** Whether it runs without `NODE_ENV=production`. */
  readonly development?: true;
  /** Whether this package has to be ahead of it. Not of admin-api-client, which sends without a timeout and follows redirects. */
  readonly peer: boolean;
}

/** This package. */
export const OURS = "shopify-usage-billing";

/** The contender that all others are compared with. */
export const LIMIT = "raw-fetch";

/** All contenders, in the order of the tables. */
export const CONTENDERS: readonly Contender[] = [
  { name: LIMIT, title: "raw `fetch`, the limit", peer: false },
  { name: OURS, title: "**shopify-usage-billing**", peer: false },
  { name: "admin-api-client", title: "@shopify/admin-api-client", peer: false },
  { name: "shopify-api", title: "@shopify/shopify-api, billing", peer: true },
  { name: "graphql-request", title: "graphql-request", peer: true },
  { name: "urql", title: "@urql/core, stock exchange", peer: true },
  {
    name: "admin-api-client-with-timeout",
    title: "@shopify/admin-api-client with timeout and redirect mode",
    peer: false,
  },
  {
    name: "raw-fetch-without-timeout",
    title: "raw `fetch` without timeout and redirect mode",
    peer: false,
  },
  {
    name: "shopify-usage-billing-in-development",
    title: "**shopify-usage-billing**, `NODE_ENV` not set",
    program: OURS,
    development: true,
    peer: false,
  },
  {
    name: "urql-in-development",
    title: "@urql/core, stock exchange, `NODE_ENV` not set",
    program: "urql",
    development: true,
    peer: false,
  },
];

/** The npm names of the compared libraries. */
export const PEERS: readonly string[] = [
  "@shopify/admin-api-client",
  "@shopify/shopify-api",
  "graphql-request",
  "@urql/core",
];
