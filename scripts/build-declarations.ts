// Rolls the compiler's declarations up into one file for each entry and one for the core, so that a
// package has the types that can be imported and none of what they are made of. They are true of both
// module formats.
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { coreChunk, entriesIn } from "./entries.js";

const root = join(import.meta.dirname, "..");

const bundle = await rollup({
  ...(await entriesIn(root, ".d.ts")),
  plugins: [dts()],
  onwarn: ({ plugin, code, message }) => {
    // A type that several entries are made of is in a shared file, and need not be exported.
    if (plugin !== "dts" || code !== "PLUGIN_WARNING") throw new Error(message);
  },
});
for (const format of ["esm", "cjs"]) {
  await bundle.write({
    dir: join(root, "dist", format),
    format: "es",
    manualChunks: coreChunk(root),
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    entryFileNames: "[name].d.ts",
    chunkFileNames: ({ name }) => `shared/${name.replace(/\.d$/, "")}.d.ts`,
  });
}
