import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
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
const { entries, programs, installed } = readManifest(root);

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
  test("is each entry and program of package.json", () => {
    expect(entries).toContain("versions/2025-01");
    expect(entries).toContain("react/server");
    for (const entry of [...entries, ...programs]) expect(built).toContain(`${entry}.js`);
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
        if (/^(?:node:|\.\.\/)/.test(module)) continue;
        expect(
          known.some((name) => `${module}/`.startsWith(`${name}/`)),
          module,
        ).toBe(true);
      }
    }
    expect(importsOf("cli/usage-billing.js")).toContain("node:events");
  });

  test("has the code of other packages in the command line alone", () => {
    const library = new Set<string>();
    const follow = (path: string): void => {
      if (library.has(path)) return;
      library.add(path);
      for (const { path: imported } of outputs[path]?.imports ?? []) follow(imported);
    };
    for (const [path, { entryPoint = "src/cli/" }] of Object.entries(outputs)) {
      if (!entryPoint.startsWith("src/cli/")) follow(path);
    }
    const inputs = [...library].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    expect(inputs).toContain("src/client.ts");
    expect(inputs.filter((input) => input.includes("node_modules"))).toEqual([]);
  });

  test("imports Node.js only to simulate, and for the command line", () => {
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
    for (const file of built.filter((file) => !file.startsWith("cli/"))) {
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

describe("the command line", () => {
  test("is a program", async () => {
    const program = path("cli/usage-billing.js");
    expect(read("cli/usage-billing.js")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(program).mode & 0o111).not.toBe(0);
    const { stdout } = await promisify(execFile)(program, ["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("uses the library's own files, with one class for each error", () => {
    const program = loadedWith("cli/usage-billing.js");
    expect(program).toContain("shared/core.js");
    const withError = built.filter((file) => /\bUsageBillingError ?= ?class/.test(read(file)));
    expect(withError).toEqual(["shared/core.js"]);
    for (const { handle } of apiVersions) {
      expect(read("cli/usage-billing.js")).toContain(`import("../versions/${handle}.js")`);
    }
  });

  test("comes with the licence of each library in it", () => {
    const text = read("cli/LICENSES.txt");
    for (const library of ["commander", "cli-table3", "csv-parse", "picocolors", "string-width"]) {
      expect(text).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, "m"));
    }
    expect(text.match(/copyright/gi)?.length).toBeGreaterThan(10);
    expect(text).not.toContain(root);
  });
});
