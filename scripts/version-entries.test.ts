import { describe, expect, it } from "vitest";
import { datesOf, defaultApiVersion, isRetired } from "./api-version.js";
import { entryFile, mainEntryFile, versionEntries } from "./version-entries.js";

const versions = ["2025-01", "2026-04", "2026-10", "unstable"];
const entries = versionEntries(versions);

describe("the entries", () => {
  it("are one for each version, and the main entry", () => {
    expect([...entries.keys()]).toEqual([...versions.map(entryFile), mainEntryFile]);
    expect(entries.get(mainEntryFile)).toContain(
      `export * from "./versions/${defaultApiVersion}.js";`,
    );
  });

  it.each(versions)("differ by the version alone, and by its retirement: %s", (version) => {
    const plain = (entries.get(entryFile(version)) ?? "").replace(
      /^ \* @deprecated.*\n.*\n \*\n/m,
      "",
    );
    const template = entries.get(entryFile("2026-10")) ?? "";
    expect(plain).toBe(template.replaceAll("2026-10", version));
  });

  it.each(versions.filter((version) => isRetired(version)))(
    "deprecate the factory of the retired version %s",
    (version) => {
      const entry = entries.get(entryFile(version)) ?? "";
      expect(entry).toContain(
        ` * @deprecated Shopify retired Admin API ${version} on ${datesOf(version)?.retires} and answers`,
      );
      expect(entry).toContain("Import from `shopify-usage-billing/2026-10` instead.");
      expect(entry).toMatch(
        /@deprecated (?:(?!\*\/)[^])*\*\/\nexport function createUsageBillingClient\(/,
      );
    },
  );

  it.each(versions.filter((version) => !isRetired(version)))(
    "deprecate nothing of %s, which Shopify serves",
    (version) => {
      expect(entries.get(entryFile(version))).not.toContain("@deprecated");
    },
  );
});
