import { describe, expect, it } from "vitest";
import { applyChanges, pendingChanges } from "./changes.js";
import { copyRepository } from "./repository-copy.js";

describe("changes", () => {
  it("are made all together", async () => {
    const copy = copyRepository(["2025-01"]);
    await applyChanges(
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

  it.each([
    [
      "the check afterwards fails",
      new Map([["a/b.ts", "b"]]),
      "does not compile",
      () => Promise.reject(new Error("does not compile")),
    ],
    // A file cannot be where a folder is.
    [
      "a file cannot be written",
      new Map([
        ["a/b.ts", "b"],
        ["docs", "a file"],
      ]),
      "EISDIR",
      undefined,
    ],
  ])("are taken back if %s", async (_case, more, message, verify) => {
    const copy = copyRepository(["2025-01"]);
    const before = copy.snapshot();
    const changes = new Map<string, string | null>([
      ["package.json", "{}"],
      ["schema/2025-01.graphql", null],
      ["schema/provenance.json", null],
      ...more,
    ]);
    await expect(applyChanges(copy.root, changes, verify)).rejects.toThrow(message);
    expect(copy.snapshot()).toEqual(before);
  });

  it("are pending only where something differs", () => {
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
