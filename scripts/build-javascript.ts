// Rolls the compiler's JavaScript up into dist/esm, and the same files as CommonJS into dist/cjs: one for
// each entry, and one for the core that they share. Reading a file costs Node more than running it, so
// importing an entry reads few. The declarations come from build-declarations.ts.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rollup, type OutputOptions } from "rollup";
import { coreChunk, entriesIn } from "./entries.js";

const root = join(import.meta.dirname, "..");

const bundle = await rollup({
  ...(await entriesIn(root, ".js")),
  onwarn: ({ code, message }) => {
    // `banner` repeats the directive of the entry. The files rolled up into it need none.
    if (code !== "MODULE_LEVEL_DIRECTIVE") throw new Error(message);
  },
});

const options = {
  banner: ({ name }) => (name === "react/index" ? '"use client";' : ""),
  chunkFileNames: "shared/[name].js",
  manualChunks: coreChunk(root),
  minifyInternalExports: false,
  // A bundler would warn of an import that is there only to load a file early.
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
