import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What files below the root are to hold, by their path from it; null where one is to go. */
export type Changes = ReadonlyMap<string, string | null>;

/** The changes that differ from what is there, sorted by path. */
export function pendingChanges(root: string, changes: Changes): Changes {
  return new Map(
    [...changes]
      .filter(([path, content]) => contentOf(join(root, path)) !== content)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * Makes all the changes, or none: whatever fails, the files are left as they were.
 *
 * @param verify Called when all files are in place; if it throws, they are put back.
 */
export async function applyChanges(
  root: string,
  changes: Changes,
  verify: () => Promise<void> | void = () => {},
): Promise<void> {
  const before = new Map<string, string | null>();
  const createdFolders: string[] = [];
  try {
    for (const [path, content] of changes) {
      const file = join(root, path);
      createdFolders.push(...makeFolders(dirname(file)));
      before.set(file, contentOf(file));
      put(file, content);
      if (content === null) removeIfEmpty(dirname(file));
    }
    await verify();
  } catch (error) {
    for (const [file, content] of before) {
      makeFolders(dirname(file));
      put(file, content);
    }
    for (const folder of createdFolders.reverse()) removeIfEmpty(folder);
    throw error;
  }
}

function contentOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function put(file: string, content: string | null): void {
  if (content === null) {
    rmSync(file, { force: true });
    return;
  }
  // Written beside and then renamed, so that nobody ever reads half a file.
  const beside = `${file}.new`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Makes a folder with its parents, and names those that were not there, outermost first. */
function makeFolders(folder: string): string[] {
  if (existsSync(folder)) return [];
  const made = [...makeFolders(dirname(folder)), folder];
  mkdirSync(folder);
  return made;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is in use, or gone already: both are fine.
  }
}
