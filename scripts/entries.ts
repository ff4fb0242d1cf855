import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { GetManualChunk, InputOptions } from "rollup";

/** Where the compiler writes what is then rolled up, as a path from the repository's root. */
const compiled = "dist/compiled";

/** The entries that package.json exports, by their place in `src/` and `dist/`: `versions/2026-10`. */
async function entryNames(root: string): Promise<string[]> {
  const manifest: { exports: Record<string, string | { import: { default: string } }> } =
    JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const files = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : target.import.default,
  );
  return [...new Set(files)].map((file) => file.replace("./dist/esm/", "").replace(/\.js$/, ""));
}

/** Returns the input of a roll-up: the compiled file of each entry, and no other package's. */
export async function entriesIn(root: string, extension: ".js" | ".d.ts"): Promise<InputOptions> {
  const names = await entryNames(root);
  return {
    input: Object.fromEntries(
      names.map((name) => [name, join(root, compiled, `${name}${extension}`)]),
    ),
    external: /^[^./]/,
  };
}

/** The files that serve every version, from their place in `src/`. */
const coreFile =
  /^(?:[^/]+|(?:errors|operations|transport)\/.+|generated\/documents)\.(?:js|d\.ts)$/;

/** Puts the core in one file, which versions and other entries share. */
export function coreChunk(root: string): GetManualChunk {
  return (id, { getModuleInfo }) =>
    coreFile.test(relative(join(root, compiled), id)) && !getModuleInfo(id)?.isEntry
      ? "core"
      : undefined;
}
