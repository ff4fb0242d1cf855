// Writes the JavaScript of all entries to dist/esm, and the same files as CommonJS to dist/cjs.
// An entry is bundled, and code that several entries share is in a file of its own, so that importing
// one reads few files. The declarations come from build-declarations.ts.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { entryNames } from "./entry-names.js";

const root = join(import.meta.dirname, "..");

const options = {
  absWorkingDir: root,
  platform: "node",
  target: "es2023",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
} as const;

// Shared files are named by their content, so earlier ones would stay.
await rm(join(root, "dist/esm/shared"), { recursive: true, force: true });
await rm(join(root, "dist/cjs/shared"), { recursive: true, force: true });

const { metafile } = await build({
  ...options,
  entryPoints: (await entryNames(root)).map((name) => `src/${name}.ts`),
  outbase: "src",
  outdir: "dist/esm",
  chunkNames: "shared/[hash]",
  format: "esm",
  bundle: true,
  splitting: true,
  packages: "external",
  metafile: true,
});

// esbuild splits ES modules only, but converts the files that it has split.
await build({
  ...options,
  entryPoints: Object.keys(metafile.outputs),
  outbase: "dist/esm",
  outdir: "dist/cjs",
  format: "cjs",
  // Jest runs CommonJS without support for `import()`, with which the simulator asks for node:http.
  supported: { "dynamic-import": false },
});
const commonJs = { type: "commonjs", sideEffects: false };
await writeFile(join(root, "dist/cjs/package.json"), `${JSON.stringify(commonJs)}\n`);
