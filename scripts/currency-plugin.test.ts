import { buildSchema, isEnumType } from "graphql";
import { join } from "node:path";
import { expect, it } from "vitest";
import { schemasIn } from "../codegen.js";
import { entryFile } from "./version-entries.js";

const root = join(import.meta.dirname, "..");

it.each([...schemasIn(root)])("%s knows its currencies at run time", async (version, sdl) => {
  const type = buildSchema(sdl).getType("CurrencyCode");
  const codes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  const { currencyCodes, isCurrencyCode } = await import(join(root, entryFile(version)));

  expect(currencyCodes).toEqual(codes);
  expect(codes.filter((code) => !isCurrencyCode(code))).toEqual([]);
  for (const other of ["UDS", "usd", "USD ", "", "toString", null, undefined, 5, {}]) {
    expect(isCurrencyCode(other), String(other)).toBe(false);
  }
});
