import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiVersions } from "../../src/api-versions.js";
import { createPackedApp, TSC, installed, type PackedApp } from "./packed-app.js";

// `npm version` keeps the consumer there as it was released; a major release may mend it.
const lastRelease = fileURLToPath(new URL("../types-of-last-release", import.meta.url));

describe("the packed package, installed in an empty app", () => {
  let app: PackedApp;
  beforeAll(async () => {
    const names = ["graphql", "typescript", "@types/node", "@graphql-typed-document-node/core"];
    app = await createPackedApp("package/consumer", await Promise.all(names.map(installed)));
  }, 120_000);
  afterAll(() => app.remove());

  it("brings at most four packages beside graphql", async () => {
    const lock: { packages: object } = JSON.parse(await app.read("package-lock.json"));
    const own =
      /^$|node_modules\/(@?typescript(\/.*)?|@types\/node|undici-types|graphql|@graphql-typed-document-node\/core)$/;
    const brought = Object.keys(lock.packages).filter((path) => !own.test(path));
    expect(brought.length, brought.join(", ")).toBeLessThanOrEqual(4);
  });

  it("type-checks a strict consumer, libraries included", async () => {
    expect(await app.run(TSC, "--noEmit")).toBe("");
  }, 60_000);

  it("type-checks what consumers of the last release wrote", async () => {
    await cp(lastRelease, join(app.folder, "last-release"), { recursive: true });
    expect(await app.run(TSC, "--noEmit", "--project", "last-release")).toBe("");
  }, 60_000);

  it("charges over HTTP and gives narrowed, typed answers", async () => {
    await app.run(TSC);
    expect(JSON.parse(await app.run("node", "out/charge.js"))).toEqual({
      id: expect.stringMatching(/^gid:\/\/shopify\/AppUsageRecord\/\d+$/),
      amount: "1.0",
      ledger: 1,
    });
  }, 60_000);

  it("is loaded by require, too", async () => {
    const code = `const { createUsageBillingClient } = require("shopify-usage-billing");
      console.log(typeof createUsageBillingClient)`;
    const printed = await app.run("node", "--input-type=commonjs", "--eval", code);
    expect(printed.trim()).toBe("function");
  });

  it("loads three files for an entry, and no other API version", async () => {
    const code = `import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
      console.log(typeof createUsageBillingClient)`;
    const printed = await app.run(
      "node",
      "--import",
      "./loaded.js",
      "--input-type=module",
      "-e",
      code,
    );
    const files = [...printed.matchAll(/shopify-usage-billing\/dist\/(\S+)/g)];
    expect(files.map(([, file]) => file).sort()).toEqual([
      "generated/2026-10/graphql.js",
      "generated/documents.js",
      "shared/core.js",
      "versions/2026-10.js",
    ]);
  });

  it("exports from every version the documents that were generated for it", async () => {
    const code = `
      const versions = ${JSON.stringify(apiVersions.map(({ handle }) => handle))};
      const exported = await Promise.all(
        versions.map(async (version) => [
          version,
          Object.fromEntries(
            Object.entries(await import("shopify-usage-billing/" + version)).filter(
              ([, value]) => value.kind === "Document",
            ),
          ),
        ]),
      );
      console.log(JSON.stringify(Object.fromEntries(exported)));`;
    const printed = await app.run("node", "--input-type=module", "--eval", code);
    const exported: Record<string, object> = JSON.parse(printed);
    for (const { handle } of apiVersions) {
      const generated: object = await import(`../../src/generated/${handle}/graphql.ts`);
      expect(exported[handle]).toEqual({ ...generated });
    }
  });

  it("holds the text of each document once", async () => {
    const dist = join(app.folder, "node_modules/shopify-usage-billing/dist");
    const files = await readdir(dist, { recursive: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.endsWith(".js"))
        .map((file) => readFile(join(dist, file), "utf8")),
    );
    expect(texts.join("\n").split('"AppUsageRecordCreate"')).toHaveLength(2);
  });

  it("runs nothing at install", async () => {
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      await app.read("node_modules/shopify-usage-billing/package.json"),
    );
    const hooks = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
  });
});
