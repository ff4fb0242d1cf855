import type { CodegenPlugin } from "@graphql-codegen/plugin-helpers";
import { isEnumType } from "graphql";

/** Writes the currencies of a version as a list, for code that has to check one at run time. */
export const currencyCodes: CodegenPlugin = {
  plugin(schema) {
    const type = schema.getType("CurrencyCode");
    if (!isEnumType(type)) return "";
    const names = type.getValues().map(({ name }) => `'${name}'`);
    return [
      "",
      "/** All currencies of this API version, in alphabetical order. */",
      `export const currencyCodes: readonly CurrencyCode[] = [${names.join(",")}];`,
      "",
    ].join("\n");
  },
};
