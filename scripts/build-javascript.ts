import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build, transform, type Metafile, type Plugin } from "esbuild";
import { schemasIn } from "../codegen.js";
import { defaultApiVersion } from "./api-version.js";
import { readManifest } from "./manifest.js";
import { coreModules, oneCore } from "./one-core.js";
import { entryFile } from "./version-entries.js";

const root = join(import.meta.dirname, "..");
const target = "es2023";

/** Keeps each version's documents in a file of its own, beside the one that all versions share. */
const documents: Plugin = {
  name: "documents",
  setup({ onResolve }) {
    onResolve({ filter: /(?:^\.\.\/documents|\/generated\/.+\/graphql)\.js$/ }, ({ path }) => ({
      // Every output is in a folder of `dist/`, so the path is the same for all of them.
      path: path.replace(/^.*\/generated\//, "../generated/"),
      external: true,
    }));
  },
};

/** Files that nobody reads in a debugger. */
const compact = /^generated\//;

/** Removes comments, which the declarations have, and from some files all space; names stay, for traces. */
async function tidy(path: string, code: string): Promise<string> {
  const options = { target, format: "esm", legalComments: "none" } as const;
  const dense = await transform(code, {
    ...options,
    minifyWhitespace: true,
    minifySyntax: compact.test(path),
  });
  return compact.test(path) ? dense.code : (await transform(dense.code, options)).code;
}

/** The files of the build, by their path below `dist/`. */
type Files = Map<string, string>;

/** Gives the core its name. */
function arrange(built: Files, core: string): Files {
  // No module of ours does anything when it is loaded, so importing one for no name is of no use.
  const unused = /^import "\.\.?\/[^"]+";\n/gm;
  const name = core.slice("shared/".length);
  return new Map(
    [...built].map(([path, code]) => [
      path === core ? "shared/core.js" : path,
      code.replaceAll(unused, "").replaceAll(`/${name}"`, '/core.js"'),
    ]),
  );
}

/**
 * Bundles all entries, so that importing one reads few files.
 *
 * @remarks
 *
 * @param directory - an absolute path
 * @returns what each file is made of
 */
export async function buildJavaScript(directory: string): Promise<Metafile> {
  const { entries, installed } = readManifest(root);
  const typedDocuments = [...schemasIn(root).keys()].map(
    (version) => `generated/${version}/graphql`,
  );
  const core = await coreModules(root, entryFile(defaultApiVersion), installed);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...entries, "generated/documents", ...typedDocuments].map((entry) => ({
      in: `src/${entry}.ts`,
      out: entry,
    })),
    outdir: directory,
    bundle: true,
    splitting: true,
    chunkNames: "shared/[name]-[hash]",
    format: "esm",
    platform: "node",
    target,
    external: [...installed, "*.test.ts"],
    plugins: [documents, oneCore(core)],
    metafile: true,
    write: false,
    logLevel: "warning",
  });

  const built: Files = new Map();
  let coreFile = "";
  for (const { path, text } of outputFiles) {
    const output = relative(directory, path);
    built.set(output, text);
    const { inputs = {} } = metafile.outputs[relative(root, path)] ?? {};
    if (Object.keys(inputs).some((input) => core.has(join(root, input)))) coreFile = output;
  }
  for (const [path, code] of arrange(built, coreFile)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await tidy(path, code));
  }
  return metafile;
}
