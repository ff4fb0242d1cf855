import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { expect, test } from "vitest";

const ROOT = new URL("../", import.meta.url);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(new URL(`${folder}package.json`, ROOT), "utf8")) as Manifest; // JSON enters
}

function declaredBy(folder: string): readonly string[] {
  const { dependencies, devDependencies, peerDependencies } = manifestIn(folder);
  return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
}

const FILES = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
  // These are installed into apps of their own.
  .filter((file) => !/^test\/(?:matrix|package|types-of-last-release)\/.*\//.test(file));
const FOLDERS = execFileSync("git", ["ls-files", "package.json", "*/package.json"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .map((file) => file.slice(0, -"package.json".length));
const LINKED = FOLDERS.map((folder) => manifestIn(folder).name);

/** The workspace that declares what a file imports. */
function workspaceOf(file: string): string {
  if (file.startsWith("test/documentation/")) return "docs/"; // runs the pages' code
  const folders = FOLDERS.filter((folder) => file.startsWith(folder));
  return folders.reduce(
    (longest, folder) => (folder.length > longest.length ? folder : longest),
    "",
  );
}

/** The packages that a file imports, and those with the types of what it imports. */
function packagesIn(file: string): readonly string[] {
  const source = readFileSync(new URL(file, ROOT), "utf8").replaceAll(/`[^`]*`/g, "");
  const imports = source.matchAll(
    /^(?:import|export|\})[^\n"]* from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...imports].flatMap(([, ...found]) => {
    const specifier = found.find((text) => text !== undefined) ?? ".";
    if (/^[./$]/.test(specifier) || isBuiltin(specifier)) return [];
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const types = `@types/${name}`;
    return existsSync(new URL(`node_modules/${types}`, ROOT)) ? [name, types] : [name];
  });
}

test("a package is declared by the workspace that imports it, or by the root for all", () => {
  const missing = new Set<string>();
  for (const file of FILES) {
    const workspace = workspaceOf(file);
    const declared = new Set([...LINKED, ...declaredBy(workspace), ...declaredBy("")]);
    for (const name of packagesIn(file)) {
      if (!declared.has(name)) missing.add(`${workspace}package.json lacks ${name}, for ${file}`);
    }
  }
  expect([...missing]).toEqual([]);
});
