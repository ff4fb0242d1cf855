import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema/2026-10.graphql",
  documents: ["*.graphql", "../../graphql/fragments/*.graphql"],
  generates: {
    "generated.ts": { plugins: ["typescript-operations", "typed-document-node"] },
  },
  config: {
    // The package's own settings, so that its types and these are the same.
    strictScalars: true,
    scalars: { ID: "string", Decimal: "string", DateTime: "string", URL: "string" },
    immutableTypes: true,
    arrayInputCoercion: false,
    enumType: "string-literal",
    documentMode: "documentNode",
    useTypeImports: true,
  },
};

export default config;
