// Rolls the compiler's declarations up into one file for each entry, so that a package has the types
// that can be imported and none of what they are made of. They are true of both module formats.
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { entryNames } from "./entry-names.js";

const root = join(import.meta.dirname, "..");
const compiled = join(root, "dist/compiled");

const bundle = await rollup({
  input: Object.fromEntries(
    (await entryNames(root)).map((name) => [name, join(compiled, `${name}.d.ts`)]),
  ),
  plugins: [dts()],
  external: /^[^./]/,
  onwarn: ({ plugin, code, message }) => {
    // A type that several entries are made of is in a shared file, and need not be exported.
    if (plugin !== "dts" || code !== "PLUGIN_WARNING") throw new Error(message);
  },
});
for (const format of ["esm", "cjs"]) {
  await bundle.write({
    dir: join(root, "dist", format),
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "shared/[hash].d.ts",
  });
}
