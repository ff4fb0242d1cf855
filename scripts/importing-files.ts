import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Where code and documentation name the version that they import. */
const places = ["README.md", "bench", "docs", "examples", "packages", "scripts", "src", "test"];

const skipped = /(^|\/)(node_modules|dist|coverage|generated)(\/|$)/;
const read = /\.(?:[cm]?[jt]sx?|md)$/;

/** Returns the files that import the entry of a version, by path from the root. */
export function importingFiles(root: string, version: string): string[] {
  const entry = new RegExp(`(?:shopify-usage-billing|/versions)/${version}(?:\\.[jt]s)?["'\`]`);
  return places
    .flatMap((place) => filesIn(root, place))
    .filter((path) => read.test(path) && entry.test(readFileSync(join(root, path), "utf8")));
}

function filesIn(root: string, path: string): string[] {
  const file = join(root, path);
  if (skipped.test(path) || !existsSync(file)) return [];
  if (!statSync(file).isDirectory()) return [path];
  return readdirSync(file).flatMap((name) => filesIn(root, `${path}/${name}`));
}
