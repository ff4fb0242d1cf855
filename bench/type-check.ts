import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compiler } from "./repository.js";
import { run } from "./shell.js";

/** The compiler's figures for one check. */
export interface TypeCheck {
  readonly types: number;
  readonly instantiations: number;
  readonly kilobytes: number;
  /** Milliseconds. */
  readonly checking: number;
}

/** The options of a check. */
export interface TypeCheckOptions {
  /** Whether to skip checking the declarations of libraries. */
  readonly skipLibCheck: boolean;
}

/** Type-checks a consumer in an app that has its imports installed. Throws if there are errors. */
export async function typeCheck(
  app: string,
  consumer: string,
  code: string,
  { skipLibCheck }: TypeCheckOptions,
): Promise<TypeCheck> {
  const folder = join(app, consumer);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "index.ts"), code);
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck,
    types: ["node"],
  };
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["."] }),
  );
  // In one thread: several checkers would count a type several times.
  const printed = await run(
    app,
    compiler,
    "-p",
    consumer,
    "--singleThreaded",
    "--extendedDiagnostics",
  );
  const told = (name: string): number => {
    const value = new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(printed)?.[1];
    if (value === undefined) throw new Error(`The compiler does not report ${name}`);
    return Number(value);
  };
  return {
    types: told("Types"),
    instantiations: told("Instantiations"),
    kilobytes: told("Memory used"),
    checking: told("Check time") * 1_000,
  };
}

/** A module that imports nothing. */
export const EMPTY_CONSUMER = "export {};\n";

/** A module that names the types that this package builds on: graphql's, through those of documents. */
export const DOCUMENT_CONSUMER = `
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
export type Document = TypedDocumentNode<{ readonly id: string }, { readonly id: string }>;
`;

/** A module that names the type of the `client` option, through which come those of documents, too. */
export const URQL_CONSUMER = `
import type { Client } from "@urql/core";
export type Option = Client;
`;

/** A module that charges with this package. */
export const OUR_CONSUMER = `
import { createUsageBillingClient } from "shopify-usage-billing";

const billing = createUsageBillingClient({ shop: "example.myshopify.com", accessToken: "shpat_1" });
const result = await billing.createUsageRecord({
  subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
  description: "1000 emails",
  price: { amount: "1.00", currencyCode: "USD" },
  idempotencyKey: "event-1",
});
export const amount: string | null = result.ok ? result.usageRecord.price.amount : null;
`;
