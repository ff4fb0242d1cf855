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

/** The new content of files, by path from the root. `null` removes a file. */
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
 * Makes all the changes, or none: if one fails, the files are left as they were.
 *
 * Every new content is first written beside its file, then all are moved into place.
 *
 * Not asynchronous: Node.js runs a signal's listener only between two turns of the event loop, so
 * Ctrl-C cannot stop the process halfway if anything listens for it.
 */
export function applyChanges(root: string, changes: Changes): void {
  const before = new Map<string, string | null>();
  const createdFolders: string[] = [];
  try {
    for (const [path, content] of changes) {
      const file = join(root, path);
      createdFolders.push(...makeFolders(dirname(file)));
      if (content !== null) writeFileSync(beside(file), content);
    }
    for (const [path, content] of changes) {
      const file = join(root, path);
      before.set(file, contentOf(file));
      if (content === null) remove(file);
      else renameSync(beside(file), file);
    }
  } catch (error) {
    for (const path of changes.keys()) rmSync(beside(join(root, path)), { force: true });
    for (const [file, content] of before) {
      if (content === null) rmSync(file, { force: true });
      else {
        makeFolders(dirname(file));
        writeFileSync(file, content);
      }
    }
    for (const folder of createdFolders.reverse()) removeIfEmpty(folder);
    throw error;
  }
}

/** Where the new content of a file waits, in the same folder so that moving it is one step. */
function beside(file: string): string {
  return `${file}.new`;
}

function contentOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function remove(file: string): void {
  rmSync(file, { force: true });
  removeIfEmpty(dirname(file));
}

/** Creates a folder with its parents. Returns those that were not there, outermost first. */
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
