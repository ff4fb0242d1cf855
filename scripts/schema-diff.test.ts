import { createRequire } from "node:module";
import { describe, expect, it, vi } from "vitest";
import { partOf } from "./repository-copy.js";
import { diffSchemas, isSame, printDiff } from "./schema-diff.js";

// Vitest would load graphql's ES module for our own code, beside the CommonJS one that
// @graphql-inspector/core gets from Node, and neither knows the other's types.
vi.mock("graphql", () => createRequire(import.meta.url)("graphql"));

const paths = (changes: readonly { path: string }[]): string[] => changes.map(({ path }) => path);

describe("2025-01 → 2025-07", async () => {
  const changes = await diffSchemas(partOf("2025-01"), partOf("2025-07"));

  it("is breaking where a sort key went", () => {
    expect(paths(changes.breaking)).toEqual([
      "AppSubscriptionSortKeys.RELEVANCE",
      "AppTransactionSortKeys.RELEVANCE",
      "AppUsageRecordSortKeys.RELEVANCE",
    ]);
  });

  it("is dangerous where a currency came", () => {
    expect(paths(changes.dangerous)).toEqual(["CurrencyCode.USDC"]);
  });

  it("is safe where a field came", () => {
    expect(paths(changes.safe)).toContain("AppRecurringPricing.planHandle");
  });

  it("tells each change once, and only counts descriptions", () => {
    const all = paths([...changes.breaking, ...changes.dangerous, ...changes.safe]);
    expect(new Set(all).size).toBe(all.length);
    expect(changes.descriptions).toBe(5);
  });

  it("prints Markdown by severity", () => {
    const markdown = printDiff(changes);
    expect(markdown).toContain("### Breaking\n\n- Enum value `RELEVANCE` was removed from enum");
    expect(markdown).toContain("### Dangerous\n\n- Enum value `USDC` was added to enum");
    expect(markdown).toMatch(/\n\n5 descriptions changed\.$/);
  });
});

describe("2025-07 → 2025-10", () => {
  it("is the same but for descriptions", async () => {
    const changes = await diffSchemas(partOf("2025-07"), partOf("2025-10"));
    expect(isSame(changes)).toBe(true);
    expect(printDiff(changes)).toBe(
      `Nothing changed in the part that this package ships.\n\n${changes.descriptions} descriptions changed.`,
    );
  });
});
