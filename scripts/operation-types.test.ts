import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedFile, schemasIn } from "../codegen.js";
import { nameFragments } from "./operation-types.js";

const root = join(import.meta.dirname, "..");

describe("the type of a fragment", () => {
  it("is named where the fragment is spread, also in other fragments, however it is indented", () => {
    const types = `export type RecordFragment = { readonly id: string, readonly price: { readonly amount: string } };
export type MoneyFragment = { readonly amount: string };
export type RecordQuery = { readonly node:
    | { readonly id: string,
        readonly price: { readonly amount: string } }
   | null, readonly balance: { readonly amount: string } };
`;
    expect(nameFragments(types))
      .toBe(`export type RecordFragment = { readonly id: string, readonly price: MoneyFragment };
export type MoneyFragment = { readonly amount: string };
export type RecordQuery = { readonly node:
    | RecordFragment
   | null, readonly balance: MoneyFragment };
`);
  });

  it("is not named where more is selected", () => {
    const types = `export type MoneyFragment = { readonly amount: string };
export type Query = { readonly price: { readonly amount: string, readonly id: string } };
`;
    expect(nameFragments(types)).toBe(types);
  });

  it.each([...schemasIn(root).keys()])("is written once in %s", (version) => {
    const types = readFileSync(join(root, generatedFile(version)), "utf8");
    expect(types.split("readonly returnUrl: string,")).toHaveLength(2);
    expect(types).toContain("readonly appUsageRecord: UsageRecordFragment | null");
  });
});
