import { join } from "node:path";
import { buildSchema, Kind, parse, print, validate, type DocumentNode } from "graphql";
import { describe, expect, it } from "vitest";
import { generatedFile, schemasIn } from "../codegen.js";
import { readOperations } from "./operations.js";

const root = join(import.meta.dirname, "..");
const schemas = schemasIn(root);
const { definitions } = readOperations(root);

async function documentsOf(version: string): Promise<Record<string, DocumentNode>> {
  const { currencyCodes: _, ...documents } = await import(join(root, generatedFile(version)));
  return documents;
}

const versions = await Promise.all(
  Array.from(
    schemas,
    async ([version, sdl]) => [version, sdl, await documentsOf(version)] as const,
  ),
);

describe.each(versions)("the documents of %s", (_version, sdl, documents) => {
  it("are one for each operation and fragment, under the names that apps import", () => {
    const names = definitions.flatMap((definition) => {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        return [`${definition.name.value}FragmentDoc`];
      }
      return definition.kind === Kind.OPERATION_DEFINITION
        ? [`${definition.name?.value}Document`]
        : [];
    });
    expect(Object.keys(documents).sort()).toEqual(names.sort());
  });

  it("hold each definition as it is in graphql/, with the fragments that it spreads", () => {
    const written = new Set(definitions.map((definition) => print(definition)));
    for (const [name, document] of Object.entries(documents)) {
      const texts = document.definitions.map((definition) => print(definition));
      expect(new Set(texts).size, name).toBe(texts.length);
      for (const text of texts) expect(written, name).toContain(text);
    }
  });

  it("are valid, fragments included", () => {
    const schema = buildSchema(sdl);
    for (const [name, document] of Object.entries(documents)) {
      const operation = name.endsWith("FragmentDoc")
        ? // A fragment document alone has an unused fragment by definition.
          []
        : validate(schema, parse(print(document)));
      expect(operation, name).toEqual([]);
    }
  });

  it("are the very objects of every other version", () => {
    expect(documents).toEqual(versions[0]?.[2]);
    for (const [name, document] of Object.entries(documents)) {
      expect(versions[0]?.[2][name], name).toBe(document);
    }
  });
});
