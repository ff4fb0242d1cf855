import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { addVersion } from "./add-version.js";
import { applyChanges, type Changes } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { schemasIn } from "../codegen.js";
import { readProvenance, schemaMismatches } from "./provenance.js";
import { regenerate } from "./regenerate.js";
import { removeVersion } from "./remove-version.js";
import {
  copyRepository,
  edited,
  introspectionJson,
  partOf,
  type RepositoryCopy,
} from "./repository-copy.js";

// Vitest would load graphql's ES module for our own code, beside the CommonJS one that
// @graphql-inspector/core gets from Node, and neither knows the other's types.
vi.mock("graphql", () => createRequire(import.meta.url)("graphql"));

/** The files derived in such a copy; made once, because they are the same in all. */
let derived: Promise<Changes> | undefined;

/** A repository in which everything is up to date, with the introspection of the next version. */
async function upToDate(next: string): Promise<RepositoryCopy & { from: string }> {
  const copy = copyRepository(["2025-01", "2026-10"]);
  const { root } = copy;
  derived ??= derivedFiles(root, schemasIn(root), readProvenance(root));
  applyChanges(root, await derived);
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
      ".changeset/add-2027-01.md",
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
      'return createClient<Api>("2027-01", documents, options);',
    );
    expect(after[".changeset/add-2027-01.md"]).toBe(
      '---\n"shopify-usage-billing": minor\n---\n\nAdd Admin API 2027-01: `shopify-usage-billing/2027-01`.\n',
    );
    expect(after["src/api-versions.ts"]).toContain(
      '{ handle: "2027-01", released: "2027-01-01", retires: "2028-01-16" }',
    );
    expect(JSON.parse(after["package.json"] ?? "")).toHaveProperty(["exports", "./2027-01"], {
      import: {
        types: "./dist/esm/versions/2027-01.d.ts",
        default: "./dist/esm/versions/2027-01.js",
      },
      require: {
        types: "./dist/cjs/versions/2027-01.d.ts",
        default: "./dist/cjs/versions/2027-01.js",
      },
    });
    expect(JSON.parse(after["package.json"] ?? "")).toHaveProperty(
      ["exports", ".", "import", "default"],
      "./dist/esm/versions/2025-01.js",
    );
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
    expect(report).toContain("## Release: none");
  });

  it("downloads a version again, and says which release that calls for", async () => {
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
    expect(report).toMatch(/## Release: minor\n\nThe changes are breaking/);
  });

  it("lists what is about apps, new, and left out", async () => {
    const copy = await upToDate(`${partOf("2026-10")}
      type AppMeterEventCreatePayload { userErrors: [UserError!]! }
      extend type Mutation {
        appMeterEventCreate(id: ID!): AppMeterEventCreatePayload
        appUninstall: UserError
      }
    `);
    const report = await addVersion({ root: copy.root, version: "2027-01", from: copy.from });
    expect(report).toContain(
      "## New outside of the part\n\n- `Mutation.appMeterEventCreate`\n\nThese are about apps",
    );
    expect(readProvenance(copy.root)["2027-01"]?.leftOut).toContain("Mutation.appUninstall");
  });

  it("calls a schema that is older than its version a release candidate", async () => {
    const copy = await upToDate(nextYear);
    // No clock of this test reaches 2099.
    const report = await addVersion({ root: copy.root, version: "2099-10", from: copy.from });
    expect(report).toContain("This is a **release candidate**");
    expect(copy.read("docs/versions.md")).toMatch(
      /\| 2099-10 .*downloaded 20\d\d-\d\d-\d\d \(release candidate\) \|/,
    );
    expect(copy.read("docs/versions.md")).toMatch(
      /\| 2026-10 .*\| 2026-09-28 \(release candidate\) +\|/,
    );
  });

  it("notes an update in one changeset, with the strongest release and all changes", async () => {
    const copy = await upToDate(partOf("2026-10").replace("  USDC\n", "  USDC\n  USDX\n"));
    const { root, from } = copy;
    await addVersion({ root, version: "2026-10", from });
    expect(copy.read(".changeset/update-2026-10.md")).toMatch(
      /^---\n"shopify-usage-billing": minor\n/,
    );
    copy.write("next.json", introspectionJson(nextYear));
    await addVersion({ root, version: "2026-10", from });
    copy.write("next.json", introspectionJson(`${nextYear}extend type App { more: Int }`));
    await addVersion({ root, version: "2026-10", from });
    const changeset = copy.read(".changeset/update-2026-10.md");
    expect(changeset).toMatch(
      /^---\n"shopify-usage-billing": major\n---\n\nUpdate Admin API 2026-10/,
    );
    expect(changeset).toContain("Enum value 'USDX' was added to enum 'CurrencyCode'");
    expect(changeset).toContain("Field 'planHandle' was removed");
  });

  it("replaces a part that was edited by hand", async () => {
    const copy = await upToDate(partOf("2026-10"));
    await addVersion({ root: copy.root, version: "2026-10", from: copy.from });
    const before = copy.snapshot();
    copy.write("schema/2026-10.graphql", "type {");
    const said: string[] = [];
    const report = await addVersion({
      root: copy.root,
      version: "2026-10",
      from: copy.from,
      say: (line) => said.push(line),
    });
    expect(said).toContain("schema/2026-10.graphql was edited by hand and is replaced");
    expect(report).toContain("## Release: none");
    expect(copy.snapshot()).toEqual(before);
  });
});

describe("removing a version", () => {
  it("is a major release if the version was released", async () => {
    const copy = await upToDate(nextYear);
    copy.write("test/charge.ts", 'import {} from "../src/versions/2026-10.js";');
    copy.write("docs/start.md", "Import `shopify-usage-billing/2026-10`.");
    copy.write("docs/other.md", "Import `shopify-usage-billing/2026-10-x`.");
    const report = await removeVersion({ root: copy.root, version: "2026-10" });
    expect(report).toContain("## Release: major");
    expect(report).toContain(
      "## Still importing it\n\n- docs/start.md\n- docs/versions.md\n- test/charge.ts\n\nLet these",
    );
    expect(copy.read(".changeset/remove-2026-10.md")).toContain('"shopify-usage-billing": major');
    expect(Object.keys(copy.snapshot()).filter((path) => path.includes("2026-10"))).toEqual([
      ".changeset/remove-2026-10.md",
    ]);
  });
});

describe("the tree is as it was", () => {
  it("if an operation is no longer valid, which is named with Shopify's reason", async () => {
    const deprecated = { "AppSubscription.trialDays": "Use trial." };
    const copy = await upToDate(edited(partOf("2026-10"), { deprecated }));
    await addVersion({ root: copy.root, version: "2026-10", from: copy.from });
    const gone = edited(partOf("2026-10"), { gone: ["AppSubscription.trialDays"] });
    copy.write("next.json", introspectionJson(gone));
    const before = copy.snapshot();
    await expect(
      addVersion({ root: copy.root, version: "2027-01", from: copy.from }),
    ).rejects.toThrow(
      /^The operations are not valid in 2027-01\. Nothing was written\.\n {2}graphql\/fragments\/Subscription\.graphql:\d+:3 AppSubscription\.trialDays: Cannot query field "trialDays" on type "AppSubscription"\. Shopify's reason: Use trial\.$/,
    );
    expect(copy.snapshot()).toEqual(before);
  });

  it("if a scalar is new and has no type yet", async () => {
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
    const during: Record<string, string>[] = [];
    await expect(
      addVersion({
        root: copy.root,
        version: "2027-01",
        from: copy.from,
        verify: (changes) => {
          files = [...changes.keys()];
          during.push(copy.snapshot());
          return Promise.reject(new Error("does not compile"));
        },
      }),
    ).rejects.toThrow("does not compile");
    expect(files).toContain("src/generated/2027-01/graphql.ts");
    expect(during).toEqual([before]);
    expect(copy.snapshot()).toEqual(before);
  });

  it("if an operation cannot be parsed, which is named in one line", async () => {
    const copy = await upToDate(nextYear);
    copy.write("graphql/Broken.graphql", "query Broken {\n  node(id: }\n");
    const before = copy.snapshot();
    const { root } = copy;
    await expect(addVersion({ root, version: "2027-01", from: copy.from })).rejects.toThrow(
      /^graphql\/Broken\.graphql:2:12: Syntax Error: [^\n]+ Nothing was written\.$/,
    );
    await expect(derivedFiles(root, schemasIn(root), readProvenance(root))).rejects.toThrow(
      /^graphql\/Broken\.graphql:2:12: /,
    );
    expect(copy.snapshot()).toEqual(before);
  });

  it("if another version's part was edited by hand", async () => {
    const copy = await upToDate(nextYear);
    const { root, from } = copy;
    copy.write("schema/2026-10.graphql", `${copy.read("schema/2026-10.graphql")}scalar Cents\n`);
    const before = copy.snapshot();
    const message = "schema/2026-10.graphql does not match schema/provenance.json: undo the edit";
    await expect(addVersion({ root, version: "2027-01", from })).rejects.toThrow(message);
    expect(schemaMismatches(schemasIn(root), readProvenance(root))).toEqual([
      `${message}, or run \`npm run add-version -- 2026-10\` to download it again.`,
    ]);
    expect(copy.snapshot()).toEqual(before);
  });

  it("if the version to remove is not there, or is the main entry's", async () => {
    const copy = await upToDate(nextYear);
    const before = copy.snapshot();
    await expect(removeVersion({ root: copy.root, version: "2024-01" })).rejects.toThrow(
      "There is no 2024-01; expected one of 2025-01, 2026-10.",
    );
    await expect(removeVersion({ root: copy.root, version: "2025-01" })).rejects.toThrow(
      "2025-01 is the version of the main entry",
    );
    expect(copy.snapshot()).toEqual(before);
  });
});

// Parts from packages take the same path, but need the registry.
async function fromFiles(): Promise<RepositoryCopy> {
  const copy = await upToDate(nextYear);
  for (const version of ["2025-01", "2026-10"]) {
    copy.write("next.json", introspectionJson(partOf(version)));
    await addVersion({ root: copy.root, version, from: join(copy.root, "next.json") });
  }
  expect(Object.keys(copy.snapshot()).filter((path) => path.startsWith(".changeset"))).toEqual([]);
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
      "schema/2026-10.graphql does not match schema/provenance.json: undo the edit, or run",
    );
  });
});
