import type { CodegenPlugin } from "@graphql-codegen/plugin-helpers";
import {
  plugin as typescriptOperations,
  type TypeScriptDocumentsPluginConfig,
} from "@graphql-codegen/typescript-operations";

/**
 * Writes the types of a version's operations as `typescript-operations` does, but names the type of a
 * fragment instead of repeating it.
 */
export const operationTypes: CodegenPlugin<TypeScriptDocumentsPluginConfig> = {
  plugin: async (schema, files, config, info) => {
    const { content, ...rest } = await typescriptOperations(schema, files, config, info);
    return { ...rest, content: nameFragments(content) };
  },
};

/** Replaces the copies of each fragment's type by its name. */
export function nameFragments(types: string): string {
  const fragments = Array.from(
    types.matchAll(/^export type (\w+Fragment) = ([^;]+);/gm),
    ([, name = "", type = ""]) => ({ name, type }),
  );
  // The longest first: a fragment's copy holds copies of those that it spreads.
  return fragments
    .sort((a, b) => b.type.length - a.type.length)
    .reduce(
      (text, { name, type }) =>
        text.replace(
          // Copies differ in how they are indented.
          new RegExp(`(export type ${name} = )?${type.split(/\s+/).map(escape).join("\\s+")}`, "g"),
          (copy, definition) => (definition === undefined ? name : copy),
        ),
      types,
    );
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
