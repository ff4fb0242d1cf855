import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultApiVersion } from "./api-version.js";

/** Where a version's entry is, from the repository's root. */
export function entryFile(version: string): string {
  return `src/versions/${version}.ts`;
}

/** The entry that is written by hand, and that all others are made of. */
export const templateFile = entryFile(defaultApiVersion);

/** The entries of all versions but the default one; null if there is nothing to make them of yet. */
export function versionEntries(
  root: string,
  versions: Iterable<string>,
): Map<string, string> | null {
  const file = join(root, templateFile);
  if (!existsSync(file)) return null;
  const template = readFileSync(file, "utf8");
  const header = `// Generated from ${templateFile} by \`npm run generate\`, never edited: change that file.\n\n`;
  return new Map(
    Array.from(versions)
      .filter((version) => version !== defaultApiVersion)
      .map((version) => [
        entryFile(version),
        header + template.replaceAll(defaultApiVersion, version),
      ]),
  );
}
