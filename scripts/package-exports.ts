import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultApiVersion, inOrder } from "./api-version.js";

export const packageFile = "package.json";

const versionEntry = /^\.\/(\d{4}-\d{2}|unstable)$/;

/** An export in both module formats, by its path from `src/` without extension. */
function exportOf(module: string): object {
  const inFormat = (format: string): object => ({
    types: `./dist/${format}/${module}.d.ts`,
    default: `./dist/${format}/${module}.js`,
  });
  return { import: inFormat("esm"), require: inFormat("cjs") };
}

/** The content of package.json with one export for each version. The rest stays as it is. */
export function printPackage(root: string, versions: Iterable<string>): string {
  const text = readFileSync(join(root, packageFile), "utf8");
  // Our own file, whose shape npm defines.
  const manifest = JSON.parse(text) as { exports?: Record<string, unknown> };
  const { ".": main, ...others } = manifest.exports ?? {};
  const kept = Object.entries(others).filter(([path]) => !versionEntry.test(path));
  const exports = {
    // Not src/index.ts, which would be one more file to load.
    ...(main === undefined ? {} : { ".": exportOf(`versions/${defaultApiVersion}`) }),
    ...Object.fromEntries(
      inOrder(versions).map((version) => [`./${version}`, exportOf(`versions/${version}`)]),
    ),
    ...Object.fromEntries(kept),
  };
  // npm writes package.json the same way.
  return `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`;
}
