import { createRequire } from "node:module";
import { describe, expect, it, vi } from "vitest";
import { partOf } from "./repository-copy.js";
import { stableVersion } from "../test/stable-version.js";
import { diffSchemas, isSame, printDiff } from "./schema-diff.js";

// Vitest would load graphql's ES module for our own code, beside the CommonJS one that
// @graphql-inspector/core gets from Node, and neither knows the other's types.
vi.mock("graphql", () => createRequire(import.meta.url)("graphql"));

const paths = (changes: readonly { path: string }[]): string[] => changes.map(({ path }) => path);

describe("the oldest version → the newest", async () => {
  const changes = await diffSchemas(partOf(stableVersion(0)), partOf(stableVersion(-1)));

  it("is breaking if a sort key is gone", () => {
    expect(paths(changes.breaking)).toEqual([
      "AppSubscriptionSortKeys.RELEVANCE",
      "AppTransactionSortKeys.RELEVANCE",
      "AppUsageRecordSortKeys.RELEVANCE",
    ]);
  });

  it("is dangerous if a currency is new", () => {
    expect(paths(changes.dangerous)).toEqual(["CurrencyCode.USDC"]);
  });

  it("is safe if a field is new", () => {
    expect(paths(changes.safe)).toContain("AppRecurringPricing.planHandle");
  });

  it("reports each change once, and only counts descriptions", () => {
    const all = paths([...changes.breaking, ...changes.dangerous, ...changes.safe]);
    expect(new Set(all).size).toBe(all.length);
    expect(changes.descriptions).toBeGreaterThan(1);
  });

  it("prints Markdown by severity", () => {
    const markdown = printDiff(changes);
    expect(markdown).toContain("### Breaking\n\n- Enum value `RELEVANCE` was removed from enum");
    expect(markdown).toContain("### Dangerous\n\n- Enum value `USDC` was added to enum");
    expect(markdown).toMatch(/\n\n\d+ descriptions changed\.$/);
  });
});

describe("the same types", () => {
  it("differ by descriptions alone", async () => {
    const part = partOf(stableVersion(0));
    const changes = await diffSchemas(part, part.replace('"""', '"""Or: '));
    expect(isSame(changes)).toBe(true);
    expect(printDiff(changes)).toBe(
      "Nothing changed in the part that this package ships.\n\n1 description changed.",
    );
  });

  it("with a new field do not list its arguments", async () => {
    const part = partOf(stableVersion(0));
    const changes = await diffSchemas(part, `${part}extend type App { uses(first: Int): Int }`);
    expect(paths(changes.safe)).toEqual(["App.uses"]);
  });
});
