import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { addVersion } from "./add-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { schemasIn } from "../codegen.js";
import { regenerate } from "./regenerate.js";
import { removeVersion } from "./remove-version.js";
import {
  copyRepository,
  edited,
  introspectionJson,
  partOf,
  type RepositoryCopy,
} from "./repository-copy.js";
import { templateFile } from "./version-entries.js";

// Vitest would load graphql's ES module for our own code, beside the CommonJS one that
// @graphql-inspector/core gets from Node, and neither knows the other's types.
vi.mock("graphql", () => createRequire(import.meta.url)("graphql"));

const template = `import { documents } from "../generated/2025-01/graphql.js";

/** Speaks to Admin API 2025-01. */
export const version = "2025-01" as const;
export { documents };
`;

/** What is derived in such a copy; made once, because it is the same in all. */
let derived: Promise<Changes> | undefined;

/** A repository in which everything is up to date, with the introspection of the next version. */
async function upToDate(next: string): Promise<RepositoryCopy & { from: string }> {
  const copy = copyRepository(["2025-01", "2026-10"]);
  copy.write(templateFile, template);
  const { root } = copy;
  derived ??= derivedFiles(root, schemasIn(root));
  await applyChanges(root, await derived);
  copy.write("next.json", introspectionJson(next));
  return { ...copy, from: join(root, "next.json") };
}

/** 2026-10 with something outside of the part, and with something new, gone and deprecated in it. */
const nextYear = `${edited(partOf("2026-10"), {
  gone: ["AppRecurringPricing.planHandle"],
  deprecated: { "AppUsageRecord.idempotencyKey": "Use keys." },
}).replace("  USDC\n", "  USDC\n  USDX\n")}
type Product implements Node { id: ID! }
extend type QueryRoot { product(id: ID!): Product }
`;

describe("adding a version", () => {
  it("writes all that belongs to it, and says what changed", async () => {
    const copy = await upToDate(nextYear);
    const before = copy.snapshot();
    const report = await addVersion({ root: copy.root, version: "2027-01", from: copy.from });
    const after = copy.snapshot();

    expect(Object.keys(after).filter((path) => !(path in before))).toEqual([
      "schema/2027-01.graphql",
      "src/generated/2027-01/graphql.ts",
      "src/versions/2027-01.ts",
    ]);
    expect(Object.keys(before).filter((path) => before[path] !== after[path])).toEqual([
      "docs/versions.md",
      "package.json",
      "schema/provenance.json",
      "src/api-versions.ts",
      "src/generated/schemas.ts",
    ]);

    expect(after["schema/2027-01.graphql"]).not.toContain("Product");
    expect(after["src/versions/2027-01.ts"]).toContain(
      'export const version = "2027-01" as const;',
    );
    expect(after["src/versions/2027-01.ts"]).toContain("Generated from src/versions/2025-01.ts");
    expect(after["src/api-versions.ts"]).toContain(
      '{ handle: "2027-01", released: "2027-01-01", retires: "2028-01-16" }',
    );
    expect(JSON.parse(after["package.json"] ?? "")).toHaveProperty(["exports", "./2027-01"], {
      types: "./dist/versions/2027-01.d.ts",
      default: "./dist/versions/2027-01.js",
    });
    expect(JSON.parse(after["schema/provenance.json"] ?? "")).toHaveProperty(
      ["2027-01", "source"],
      "file:next.json",
    );
    expect(after["docs/versions.md"]).toContain("### 2026-10 → 2027-01");

    expect(report).toContain(
      "# Admin API 2027-01\n\nReleased 2027-01-01, served until 2028-01-16.",
    );
    expect(report).toContain("AppUsageRecord.idempotencyKey: ");
    expect(report).toContain("Shopify's reason: Use keys.");
    expect(report).toContain(
      "### Breaking\n\n- Field `planHandle` was removed from object type `AppRecurringPricing`",
    );
    expect(report).toContain("### Dangerous\n\n- Enum value `USDX` was added");
    expect(report).toContain("## Release: minor\n\nA new entry, `shopify-usage-billing/2027-01`");
  });

  it("is undone by removing it, to the byte", async () => {
    const copy = await upToDate(nextYear);
    const before = copy.snapshot();
    await addVersion({ root: copy.root, version: "2027-01", from: copy.from });
    const report = await removeVersion({ root: copy.root, version: "2027-01" });
    expect(copy.snapshot()).toEqual(before);
    expect(report).toContain("## Release: major");
  });

  it("fetches anew a version that is there, and says which release that calls for", async () => {
    const copy = await upToDate(nextYear);
    const report = await addVersion({ root: copy.root, version: "2026-10", from: copy.from });
    expect(report).toContain("## 2025-01 → 2026-10");
    expect(report).toContain("## 2026-10 itself, since 20");
    expect(report).toContain("## Release: major\n\nApps that import this version");

    const again = await addVersion({ root: copy.root, version: "2026-10", from: copy.from });
    expect(again).toContain("## Release: none");
  });

  it("makes unstable's breaking changes a minor release, as documented", async () => {
    const copy = await upToDate(nextYear);
    await addVersion({ root: copy.root, version: "unstable", from: copy.from });
    copy.write("next.json", introspectionJson(partOf("2025-01")));
    const report = await addVersion({ root: copy.root, version: "unstable", from: copy.from });
    expect(report).toMatch(/## Release: minor\n\nThere are breaking changes/);
  });

  it("leaves no entry out of date once the one they are made of changed", async () => {
    const copy = await upToDate(nextYear);
    copy.write(templateFile, `${template}export const more = true;\n`);
    const { root } = copy;
    const pending = pendingChanges(root, await derivedFiles(root, schemasIn(root)));
    expect([...pending.keys()]).toEqual(["src/versions/2026-10.ts"]);
  });
});

describe("the tree is as it was", () => {
  it("if an operation is no longer valid, which is named with Shopify's reason", async () => {
    const copy = await upToDate(edited(partOf("2026-10"), { gone: ["AppSubscription.trialDays"] }));
    copy.write(
      "schema/2026-10.graphql",
      edited(partOf("2026-10"), { deprecated: { "AppSubscription.trialDays": "Use trial." } }),
    );
    const before = copy.snapshot();
    await expect(
      addVersion({ root: copy.root, version: "2027-01", from: copy.from }),
    ).rejects.toThrow(
      /^The operations are not valid in 2027-01\. Nothing was written\.\n {2}graphql\/fragments\/Subscription\.graphql:\d+:3 AppSubscription\.trialDays: Cannot query field "trialDays" on type "AppSubscription"\. Shopify's reason: Use trial\.$/,
    );
    expect(copy.snapshot()).toEqual(before);
  });

  it("if a scalar is new, for which nobody has chosen a type", async () => {
    const next = edited(partOf("2026-10"), { gone: ["MoneyV2.amount"] });
    const copy = await upToDate(`${next}
      scalar Cents
      extend type MoneyV2 { amount: Cents! }
    `);
    const before = copy.snapshot();
    await expect(
      addVersion({ root: copy.root, version: "2027-01", from: copy.from }),
    ).rejects.toThrow(/Cents/);
    expect(copy.snapshot()).toEqual(before);
  });

  it("if the result does not compile", async () => {
    const copy = await upToDate(nextYear);
    const before = copy.snapshot();
    let files: string[] = [];
    await expect(
      addVersion({
        root: copy.root,
        version: "2027-01",
        from: copy.from,
        verify: (paths) => {
          files = paths;
          expect(copy.snapshot()).toHaveProperty(["src/versions/2027-01.ts"]);
          return Promise.reject(new Error("does not compile"));
        },
      }),
    ).rejects.toThrow("does not compile");
    expect(files).toContain("src/generated/2027-01/graphql.ts");
    expect(copy.snapshot()).toEqual(before);
  });

  it("if the version to remove is not there, or is the main entry's", async () => {
    const copy = await upToDate(nextYear);
    const before = copy.snapshot();
    await expect(removeVersion({ root: copy.root, version: "2024-01" })).rejects.toThrow(
      "There is no 2024-01. There are: 2025-01, 2026-10.",
    );
    await expect(removeVersion({ root: copy.root, version: "2025-01" })).rejects.toThrow(
      "2025-01 is the version of the main entry",
    );
    expect(copy.snapshot()).toEqual(before);
  });
});

// What comes from packages is made anew by the same function, and needs the registry.
async function fromFiles(): Promise<RepositoryCopy> {
  const copy = await upToDate(nextYear);
  for (const version of ["2025-01", "2026-10"]) {
    copy.write("next.json", introspectionJson(partOf(version)));
    await addVersion({ root: copy.root, version, from: join(copy.root, "next.json") });
  }
  return copy;
}

describe("regenerating", () => {
  it("changes nothing in a clean tree", async () => {
    const copy = await fromFiles();
    const before = copy.snapshot();
    expect((await regenerate({ root: copy.root })).size).toBe(0);
    expect(copy.snapshot()).toEqual(before);
  });

  it("restores what was edited or deleted, and removes what is stale", async () => {
    const copy = await fromFiles();
    const before = copy.snapshot();
    copy.write("src/generated/2026-10/graphql.ts", "edited");
    copy.write("src/generated/2024-10/graphql.ts", "stale");
    copy.write("src/versions/2024-10.ts", "stale");
    const changed = await regenerate({ root: copy.root });
    expect([...changed.keys()]).toEqual([
      "src/generated/2024-10/graphql.ts",
      "src/generated/2026-10/graphql.ts",
      "src/versions/2024-10.ts",
    ]);
    expect(copy.snapshot()).toEqual(before);
  });

  it("refuses a part that was edited by hand", async () => {
    const copy = await fromFiles();
    copy.write("schema/2026-10.graphql", `${copy.read("schema/2026-10.graphql")}scalar Cents\n`);
    await expect(regenerate({ root: copy.root })).rejects.toThrow(
      "schema/2026-10.graphql is not what was made of file:next.json: undo the edit, or run",
    );
  });
});
