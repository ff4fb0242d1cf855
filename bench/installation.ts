import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Workbench } from "./workbench.js";

/** What an installation leaves on disk, without graphql. */
export interface Installation {
  /** The packages, including the library. */
  readonly packages: readonly string[];
  /** The sum of their file sizes, regardless of disk blocks. */
  readonly bytes: number;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const stats = await Promise.all(
    files.map(({ parentPath, name }) => stat(join(parentPath, name))),
  );
  return stats.reduce((sum, { size }) => sum + size, 0);
}

/** Installs a library with graphql in an empty app, and measures what was installed in addition to graphql. */
export async function installationOf(workbench: Workbench, name: string): Promise<Installation> {
  const app = await workbench.install(`only-${name.replaceAll("/", "-")}`, [name, "graphql"]);
  const lock: { packages: Record<string, unknown> } = JSON.parse(
    await readFile(join(app, "package-lock.json"), "utf8"),
  );
  const folders = Object.keys(lock.packages).filter(
    (path) => path !== "" && path !== "node_modules/graphql",
  );
  // A package within another one's folder is counted with that folder.
  const outer = folders.filter((path) => path.lastIndexOf("node_modules/") === 0);
  const sizes = await Promise.all(outer.map((path) => bytesIn(join(app, path))));
  return {
    packages: folders.map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
