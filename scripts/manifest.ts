import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the build reads of package.json. */
export interface Manifest {
  /** The entries by their place in `dist/`, without extension: `versions/2025-01`. */
  readonly entries: readonly string[];
  /** The packages that whoever installs this one has anyway. */
  readonly installed: readonly string[];
}

function inDist(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => /^\.\/dist\/(.+)\.js$/.exec(file)?.[1] ?? []))];
}

/** Reads package.json: its exports are the one list of what is built. */
export function readManifest(root: string): Manifest {
  const manifest: {
    exports: Record<string, string | { default: string }>;
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
  } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const targets = Object.values(manifest.exports);
  return {
    entries: inDist(
      targets.map((target) => (typeof target === "string" ? target : target.default)),
    ),
    installed: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
  };
}
