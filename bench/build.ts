import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./repository.js";
import { run } from "./shell.js";

/** Returns when the newest file in a folder changed; 0 if there is none. */
async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.includes(".test"));
  const times = files.map(async ({ parentPath, name }) => stat(join(parentPath, name)));
  return Math.max(0, ...(await Promise.all(times)).map(({ mtimeMs }) => mtimeMs));
}

/** Builds the package if its sources, or the build scripts, are newer than `dist/`. */
export async function buildIfStale(say: (line: string) => void): Promise<void> {
  const built = await newestIn(join(root, "dist"));
  const { mtimeMs: configured } = await stat(join(root, "tsconfig.build.json"));
  const sources = await Promise.all(
    ["src", "scripts"].map((folder) => newestIn(join(root, folder))),
  );
  if (built > Math.max(configured, ...sources)) return;
  say("Building the package");
  await run(root, "npm", "run", "build");
}
