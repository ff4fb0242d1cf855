import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, printSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { schemasIn } from "../codegen.js";
import { schemaText } from "../src/generated/schemas.js";
import { printSchemaDefinitions, schemaDefinitionsFile } from "./schema-definitions.js";

const root = join(import.meta.dirname, "..");
const schemas = schemasIn(root);

describe("the module of schemas", () => {
  test.each([...schemas])("holds the schema of %s", (version, sdl) => {
    const text = schemaText(version) ?? "";
    expect(printSchema(buildSchema(text))).toBe(printSchema(buildSchema(sdl)));
  });

  test("has no schema of an unknown version", () => {
    expect(schemaText("2019-01")).toBeNull();
    expect(schemaText("constructor")).toBeNull();
  });

  test("is up to date, and far smaller than the schemas together", () => {
    const module = readFileSync(join(root, schemaDefinitionsFile), "utf8");
    expect(module).toBe(printSchemaDefinitions(schemas));
    const together = [...schemas.values()].reduce((sum, { length }) => sum + length, 0);
    expect(module.length).toBeLessThan(together / 2);
  });
});
