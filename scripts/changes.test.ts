import { describe, expect, it } from "vitest";
import { applyChanges, pendingChanges } from "./changes.js";
import { copyRepository } from "./repository-copy.js";

describe("changes", () => {
  it("are made all together", () => {
    const copy = copyRepository(["2025-01"]);
    applyChanges(
      copy.root,
      new Map([
        ["src/new/folder/file.ts", "new"],
        ["package.json", "{}"],
        ["schema/2025-01.graphql", null],
      ]),
    );
    expect(copy.snapshot()).toMatchObject({
      "src/new/folder/file.ts": "new",
      "package.json": "{}",
    });
    expect(copy.snapshot()).not.toHaveProperty(["schema/2025-01.graphql"]);
  });

  it("are taken back if one of them fails", () => {
    const copy = copyRepository(["2025-01"]);
    const before = copy.snapshot();
    const changes = new Map<string, string | null>([
      ["a/b.ts", "b"],
      ["package.json", "{}"],
      ["schema/2025-01.graphql", null],
      ["schema/provenance.json", null],
      // A file cannot be where a folder is.
      ["docs", "a file"],
    ]);
    expect(() => applyChanges(copy.root, changes)).toThrow("EISDIR");
    expect(copy.snapshot()).toEqual(before);
  });

  it("are pending only if something differs", () => {
    const copy = copyRepository(["2025-01"]);
    const changes = new Map([
      ["package.json", copy.read("package.json")],
      ["b.ts", "b"],
      ["a.ts", "a"],
      ["gone.ts", null],
    ]);
    expect([...pendingChanges(copy.root, changes).keys()]).toEqual(["a.ts", "b.ts"]);
  });
});
