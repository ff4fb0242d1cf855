// Rolls the compiler's JavaScript up into dist/esm, and the same files as CommonJS into dist/cjs: one for
// each entry, and one for the core that they share. Reading a file costs Node more than running it, so
// importing an entry reads few. The declarations come from build-declarations.ts.
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { rollup, type OutputOptions } from "rollup";
import { entryNames } from "./entry-names.js";

const root = join(import.meta.dirname, "..");
const compiled = join(root, "dist/compiled");

/** What the versions' entries have in common; other entries use parts of it. */
const core = /^(?:[^/]+|(?:errors|operations|transport)\/.+|generated\/documents)\.js$/;

const bundle = await rollup({
  input: Object.fromEntries(
    (await entryNames(root)).map((name) => [name, join(compiled, `${name}.js`)]),
  ),
  external: /^[^./]/,
  onwarn: ({ code, message }) => {
    // The directive of the entry is in `banner`; those of the files in it are not needed any more.
    if (code !== "MODULE_LEVEL_DIRECTIVE") throw new Error(message);
  },
});

const options = {
  banner: ({ name }) => (name === "react/index" ? '"use client";' : ""),
  chunkFileNames: "shared/[name].js",
  minifyInternalExports: false,
  manualChunks: (id, { getModuleInfo }) =>
    core.test(relative(compiled, id)) && !getModuleInfo(id)?.isEntry ? "core" : undefined,
  // A bundler would report each import that is there for nothing but to load a file early.
  hoistTransitiveImports: false,
  generatedCode: { constBindings: true },
} satisfies OutputOptions;

await bundle.write({ ...options, dir: join(root, "dist/esm"), format: "es" });
await bundle.write({
  ...options,
  dir: join(root, "dist/cjs"),
  format: "cjs",
  esModule: true,
  externalLiveBindings: false,
  // Jest runs CommonJS without support for `import()`, with which the simulator asks for node:http.
  dynamicImportInCjs: false,
});
const commonJs = { type: "commonjs", sideEffects: false };
await writeFile(join(root, "dist/cjs/package.json"), `${JSON.stringify(commonJs)}\n`);
