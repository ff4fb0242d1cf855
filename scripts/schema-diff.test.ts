import { createRequire } from "node:module";
import { describe, expect, it, vi } from "vitest";
import { edited, partOf } from "./repository-copy.js";
import { diffSchemas, isSame, printDiff } from "./schema-diff.js";

// Vitest would load graphql's ES module for our own code, beside the CommonJS one that
// @graphql-inspector/core gets from Node, and neither knows the other's types.
vi.mock("graphql", () => createRequire(import.meta.url)("graphql"));

const paths = (changes: readonly { path: string }[]): string[] => changes.map(({ path }) => path);

const part = partOf("2025-01");

/** The part a version later: a sort key less, a currency and a field more, and two other descriptions. */
const later = `${edited(part, { gone: ["AppUsageRecordSortKeys.RELEVANCE"] })
  .replace("  AED\n", "  AEC\n\n  AED\n")
  .replaceAll("Sort by the `id` value", "Sort by id")}
extend type App { uses(first: Int): Int }
`;

describe("a version → the next", async () => {
  const changes = await diffSchemas(part, later);

  it("is breaking if a sort key is gone", () => {
    expect(paths(changes.breaking)).toEqual(["AppUsageRecordSortKeys.RELEVANCE"]);
  });

  it("is dangerous if a currency is new", () => {
    expect(paths(changes.dangerous)).toEqual(["CurrencyCode.AEC"]);
  });

  it("is safe if a field is new, whose arguments are not listed", () => {
    expect(paths(changes.safe)).toEqual(["App.uses"]);
  });

  it("reports each change once, and only counts descriptions", () => {
    const all = paths([...changes.breaking, ...changes.dangerous, ...changes.safe]);
    expect(new Set(all).size).toBe(all.length);
    expect(changes.descriptions).toBeGreaterThan(1);
  });

  it("prints Markdown by severity", () => {
    const markdown = printDiff(changes);
    expect(markdown).toContain("### Breaking\n\n- Enum value `RELEVANCE` was removed from enum");
    expect(markdown).toContain("### Dangerous\n\n- Enum value `AEC` was added to enum");
    expect(markdown).toMatch(/\n\n\d+ descriptions changed\.$/);
  });
});

describe("the same types", () => {
  it("differ by descriptions alone", async () => {
    const changes = await diffSchemas(part, part.replace('"""', '"""Or: '));
    expect(isSame(changes)).toBe(true);
    expect(printDiff(changes)).toBe(
      "Nothing changed in the part that this package ships.\n\n1 description changed.",
    );
  });
});
