import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The entries that package.json exports, by their place in `src/` and `dist/`: `versions/2026-10`. */
export async function entryNames(root: string): Promise<string[]> {
  const manifest: { exports: Record<string, string | { import: { default: string } }> } =
    JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const files = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : target.import.default,
  );
  return [...new Set(files)].map((file) => file.replace("./dist/esm/", "").replace(/\.js$/, ""));
}
