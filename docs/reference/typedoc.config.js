/**
 * Makes the API reference from the doc comments: `npm run docs:api`.
 *
 * It reads the declarations that are published, so that the reference has what an app can import, and
 * nothing else.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The newest version stands for all: their entries differ in what Shopify's schema has. */
const VERSION = "2026-10";

const declarations = new URL("../../dist/esm/", import.meta.url);
const entry = (path) => fileURLToPath(new URL(`${path}.d.ts`, declarations));

/** Codegen writes no comments on what it makes of our operations, only on what it takes from the schema. */
const generated = readFileSync(
  new URL(`../../src/generated/${VERSION}/graphql.ts`, import.meta.url),
  "utf8",
);
const generatedNames = [...generated.matchAll(/(?<!\*\/\n)^export (?:type|const) (\w+)/gm)].map(
  ([, name]) => `versions/${VERSION}.${name}`,
);

export default {
  name: "shopify-usage-billing",
  tsconfig: fileURLToPath(new URL("tsconfig.json", import.meta.url)),
  basePath: fileURLToPath(declarations),
  entryPoints: [
    `versions/${VERSION}`,
    "shopify/index",
    "testing/index",
    "react/index",
    "react/server",
    "urql/index",
  ].map(entry),
  out: fileURLToPath(new URL("../api/", import.meta.url)),
  readme: "none",
  disableSources: true,
  excludeExternals: true,
  // A type that an exported one is made of is shown, although it has no name to import.
  plugin: [
    "typedoc-plugin-missing-exports",
    fileURLToPath(new URL("internals.js", import.meta.url)),
  ],
  placeInternalsInOwningModule: true,
  treatWarningsAsErrors: true,
  requiredToBeDocumented: [
    "Class",
    "Enum",
    "Function",
    "Interface",
    "Method",
    "TypeAlias",
    "Variable",
  ],
  intentionallyNotDocumented: generatedNames,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
};
