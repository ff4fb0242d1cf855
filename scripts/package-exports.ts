import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inOrder } from "./api-version.js";

export const packageFile = "package.json";

const versionEntry = /^\.\/(\d{4}-\d{2}|unstable)$/;

/** The content of package.json with one export for each version, and all else as it is. */
export function printPackage(root: string, versions: Iterable<string>): string {
  const text = readFileSync(join(root, packageFile), "utf8");
  // The one file of ours whose shape npm defines.
  const manifest = JSON.parse(text) as { exports?: Record<string, unknown> };
  const { ".": main, ...others } = manifest.exports ?? {};
  const kept = Object.entries(others).filter(([path]) => !versionEntry.test(path));
  const exports = {
    ...(main === undefined ? {} : { ".": main }),
    ...Object.fromEntries(
      inOrder(versions).map((version) => [
        `./${version}`,
        { types: `./dist/versions/${version}.d.ts`, default: `./dist/versions/${version}.js` },
      ]),
    ),
    ...Object.fromEntries(kept),
  };
  // npm writes package.json the same way.
  return `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`;
}
