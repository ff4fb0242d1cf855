import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The folder of this repository. */
export const root = join(import.meta.dirname, "..");

/** The compiler of this repository. */
export const compiler = join(root, "node_modules/.bin/tsc");

/** Returns the version of a package in a folder's `node_modules`. */
export async function versionOf(name: string, folder: string = root): Promise<string> {
  const text = await readFile(join(folder, "node_modules", name, "package.json"), "utf8");
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

/** Returns `npm install` arguments for packages, in the versions that this repository uses. */
export async function asDeveloped(names: readonly string[]): Promise<string[]> {
  return Promise.all(names.map(async (name) => `${name}@${await versionOf(name)}`));
}
