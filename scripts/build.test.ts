import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiVersions } from "../src/api-versions.js";
import { buildJavaScript } from "./build-javascript.js";
import { readManifest } from "./manifest.js";

const root = join(import.meta.dirname, "..");
const { entries, installed } = readManifest(root);

let folder = "";
let built: readonly string[] = [];
let outputs: Metafile["outputs"] = {};

const path = (file: string): string => join(folder, "dist", file);
const read = (file: string): string => readFileSync(path(file), "utf8");

/** The modules that a file imports. */
function importsOf(file: string): string[] {
  return [
    ...read(file).matchAll(/(?:^|[;}])(?:import|export)\b(?:[^"';()=]*\bfrom)?\s*"([^"]+)"/gm),
  ].map(([, module = ""]) => module);
}

/** The files of the build that are loaded with one of them. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  loaded.add(file);
  for (const module of importsOf(file)) {
    if (!module.startsWith("../")) continue;
    const other = posix.join(posix.dirname(file), module);
    if (!loaded.has(other)) loadedWith(other, loaded);
  }
  return loaded;
}

beforeAll(async () => {
  folder = mkdtempSync(join(root, "node_modules/.build-"));
  symlinkSync(join(root, "schema"), join(folder, "schema"));
  ({ outputs } = await buildJavaScript(join(folder, "dist")));
  built = readdirSync(path(""), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".js"),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is built", () => {
  test("is each entry of package.json", () => {
    expect(entries).toContain("versions/2025-01");
    expect(entries).toContain("react/server");
    for (const entry of entries) expect(built).toContain(`${entry}.js`);
  });

  test.each(apiVersions)("is four files for an app that imports $handle", ({ handle }) => {
    const loaded = [...loadedWith(`versions/${handle}.js`)];
    expect(loaded).toEqual([
      `versions/${handle}.js`,
      "shared/core.js",
      `generated/${handle}/graphql.js`,
      "generated/documents.js",
    ]);
  });

  test("imports nothing but Node.js and what is installed with the package", () => {
    const known = [...installed, ...builtinModules];
    for (const file of built) {
      for (const module of importsOf(file)) {
        if (/^(?:node:|\.\.?\/)/.test(module)) continue;
        expect(
          known.some((name) => `${module}/`.startsWith(`${name}/`)),
          module,
        ).toBe(true);
      }
    }
  });

  test("has no code of other packages", () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    expect(inputs).toContain("src/client.ts");
    expect(inputs.filter((input) => input.includes("node_modules"))).toEqual([]);
  });

  test("imports Node.js only to simulate", () => {
    for (const entry of entries.filter((entry) => !entry.startsWith("testing/"))) {
      for (const file of loadedWith(`${entry}.js`)) {
        expect(read(file)).not.toMatch(/["']node:/);
      }
    }
  });

  test("is marked for the client where React's hooks are, and not where the server's part is", () => {
    expect(read("react/index.js")).toMatch(/^"use client";\n/);
    for (const file of loadedWith("react/server.js"))
      expect(read(file)).not.toContain("use client");
  });

  test("has names, and no comments", () => {
    expect(read("shared/core.js")).toMatch(/^var UsageBillingError = class extends Error \{\n/m);
    for (const file of built) {
      expect(read(file)).not.toMatch(/^\s*\/\*\*/m);
    }
  });

  test("mentions no path of the machine that built it", () => {
    for (const file of built) expect(read(file)).not.toContain(root);
  });
});

describe("the documents", () => {
  test.each(apiVersions)("of $handle are what was generated", async ({ handle }) => {
    const source: object = await import(
      pathToFileURL(join(root, `src/generated/${handle}/graphql.ts`)).href
    );
    const code = `
      const entry = await import(${JSON.stringify(pathToFileURL(path(`versions/${handle}.js`)).href)});
      const documents = Object.entries(entry).filter(([, value]) => value.kind === "Document");
      console.log(JSON.stringify(Object.fromEntries(documents)));
    `;
    const { stdout } = await promisify(execFile)("node", ["--input-type=module", "-e", code]);
    expect(JSON.parse(stdout)).toEqual({ ...source });
  });

  test("are there once", () => {
    const mutation = '"AppUsageRecordCreate"';
    const withText = built.filter((file) => read(file).includes(mutation));
    expect(withText).toHaveLength(1);
    expect(read(withText[0] ?? "").split(mutation)).toHaveLength(2);
  });
});
