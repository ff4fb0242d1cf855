import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OURS } from "../../bench/contenders.js";
import { apiVersions } from "../../src/api-versions.js";
import { createPackedApp, TSC, installed, type PackedApp } from "./packed-app.js";

// `npm run version-packages` keeps the consumer there as it was released; a major release may change it.
const lastRelease = fileURLToPath(new URL("../types-of-last-release", import.meta.url));

/** The JavaScript files of a folder by their path. */
async function javaScriptIn(folder: string): Promise<Map<string, string>> {
  const files = await readdir(folder, { recursive: true });
  const scripts = files.filter((file) => file.endsWith(".js"));
  return new Map(
    await Promise.all(
      scripts.map(async (file) => [file, await readFile(join(folder, file), "utf8")] as const),
    ),
  );
}

describe("the packed package, installed in an empty app", () => {
  let app: PackedApp;
  beforeAll(async () => {
    const names = ["graphql", "typescript", "@types/node", "@graphql-typed-document-node/core"];
    app = await createPackedApp("package/consumer", await Promise.all(names.map(installed)));
  }, 120_000);
  afterAll(() => app.remove());

  it("type-checks a strict consumer, libraries included", async () => {
    expect(await app.run(TSC, "--noEmit")).toBe("");
  }, 60_000);

  it("keeps its types where graphql is not installed and libraries are not checked", async () => {
    const graphql = join(app.folder, "node_modules/graphql");
    const aside = join(app.folder, "graphql-set-aside");
    await rename(graphql, aside);
    try {
      expect(await app.run(TSC, "--noEmit", "--skipLibCheck")).toBe("");
    } finally {
      await rename(aside, graphql);
    }
  }, 60_000);

  it("type-checks what consumers of the last release wrote", async () => {
    await cp(lastRelease, join(app.folder, "last-release"), { recursive: true });
    expect(await app.run(TSC, "--noEmit", "--project", "last-release")).toBe("");
  }, 60_000);

  it("type-checks every entry but the hooks' where React is not installed", async () => {
    const manifest: { exports: object } = JSON.parse(
      await app.read("node_modules/shopify-usage-billing/package.json"),
    );
    const entries = Object.keys(manifest.exports).filter(
      (path) => !/react|package\.json|\*/.test(path),
    );
    const code = entries
      .map((path, n) => `export * as e${n} from ${JSON.stringify(path.replace(".", OURS))};`)
      .join("\n");
    await mkdir(join(app.folder, "entries"));
    await writeFile(join(app.folder, "entries/entries.ts"), code);
    await writeFile(join(app.folder, "entries/required.cts"), code);
    const config = { extends: "../tsconfig.json", include: ["*"] };
    await writeFile(join(app.folder, "entries/tsconfig.json"), JSON.stringify(config));

    expect(entries.length).toBeGreaterThan(apiVersions.length);
    expect(await app.run(TSC, "--noEmit", "--project", "entries")).toBe("");
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

  it("loads three files at most for an entry, and no other API version", async () => {
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
    const files = [...printed.matchAll(/shopify-usage-billing\/dist\/(\S+)/g)].map(
      ([, file = ""]) => file,
    );
    expect(files.length).toBeLessThanOrEqual(3);
    const versions = files.filter((file) => file.includes("/versions/"));
    expect(versions).toEqual(["esm/versions/2026-10.js"]);
  });

  it("recognizes errors of its CommonJS copy from its ES module, and the other way round", async () => {
    const code = `import { createRequire } from "node:module";
      import * as esm from "shopify-usage-billing";
      const cjs = createRequire(import.meta.url)("shopify-usage-billing");
      const options = { shop: "example.myshopify.com", accessToken: "" };
      const caught = [esm, cjs].map((copy) => {
        try { return copy.createUsageBillingClient(options); } catch (error) { return error; }
      });
      console.log(JSON.stringify({
        copies: caught[0] instanceof esm.InvalidInputError && !(caught[1] instanceof esm.InvalidInputError),
        recognized: caught.map((error) => [esm, cjs].map((copy) => copy.isUsageBillingError(error))),
        others: esm.isUsageBillingError(new Error("another's")),
      }))`;
    expect(JSON.parse(await app.run("node", "--input-type=module", "-e", code))).toEqual({
      copies: true,
      recognized: [
        [true, true],
        [true, true],
      ],
      others: false,
    });
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
      const generated: Record<string, { kind?: unknown }> = await import(
        `../../src/generated/${handle}/graphql.ts`
      );
      const documents = Object.entries(generated).filter(([, { kind }]) => kind === "Document");
      expect(exported[handle]).toEqual(Object.fromEntries(documents));
    }
  });

  it.each(["esm", "cjs"])("holds the text of each document once: %s", async (format) => {
    const dist = join(app.folder, "node_modules/shopify-usage-billing/dist", format);
    const texts = await javaScriptIn(dist);
    expect([...texts.values()].join("\n").split('"AppUsageRecordCreate"')).toHaveLength(2);
  });

  it("imports Node.js modules for the simulator alone, and finds no file by its own place", async () => {
    const texts = await javaScriptIn(join(app.folder, "node_modules/shopify-usage-billing/dist"));
    const filesWith = (pattern: RegExp): string[] =>
      [...texts]
        .filter(([, text]) => pattern.test(text))
        .map(([file]) => file)
        .sort();
    expect(filesWith(/["']node:/)).toEqual(["cjs/testing/index.js", "esm/testing/index.js"]);
    expect(filesWith(/import\.meta|__dirname|__filename/)).toEqual([]);
  });

  it("is marked for the client where React's hooks are, and not where the server's part is", async () => {
    const texts = await javaScriptIn(join(app.folder, "node_modules/shopify-usage-billing/dist"));
    for (const format of ["esm", "cjs"]) {
      expect(texts.get(`${format}/react/index.js`)).toMatch(/^(?:"use strict";\n)?"use client";\n/);
      expect(texts.get(`${format}/react/server.js`)).not.toContain("use client");
    }
  });

  it("runs nothing at install", async () => {
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      await app.read("node_modules/shopify-usage-billing/package.json"),
    );
    const hooks = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
  });
});
