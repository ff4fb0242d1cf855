// Writes the JavaScript of all entries to dist/esm, and the same files as CommonJS to dist/cjs.
// An entry is bundled, and code that several entries share is in a file of its own, so that importing
// one reads few files. The declarations come from the compiler.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** The source of each entry that package.json exports: `src/versions/2026-10.ts`. */
async function entrySources(): Promise<string[]> {
  const manifest: { exports: Record<string, string | { import: { default: string } }> } =
    JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const files = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : target.import.default,
  );
  return [...new Set(files)].map((file) =>
    file.replace("./dist/esm/", "src/").replace(/\.js$/, ".ts"),
  );
}

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
  entryPoints: await entrySources(),
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
