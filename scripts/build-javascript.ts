import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { build, transform, type Metafile, type Plugin } from "esbuild";
import { schemasIn } from "../codegen.js";
import { defaultApiVersion } from "./api-version.js";
import { cliLibraries } from "./cli-libraries.js";
import { licences } from "./licences.js";
import { readManifest } from "./manifest.js";
import { coreModules, oneCore } from "./one-core.js";
import { entryFile } from "./version-entries.js";

const root = join(import.meta.dirname, "..");
const target = "es2023";

/** `import page from "text:./page.html"` gives the file's text. */
const text: Plugin = {
  name: "text",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^text:/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/^text:/, "")),
      namespace: "text",
    }));
    onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
      watchFiles: [path],
    }));
  },
};

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

/** Files that nobody reads in a debugger: the documents, and the command line with its libraries. */
const compact = /^(?:cli|generated)\//;

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

/** The files that a file imports, of those that entries share. */
function sharedBy(code: string, files: Files): string[] {
  return [...files.keys()].filter(
    (path) => path.startsWith("shared/") && code.includes(`${path.slice("shared".length)}"`),
  );
}

/** The shared files that some of the others need. */
function neededBy(paths: Iterable<string>, files: Files): ReadonlySet<string> {
  const needed = new Set<string>();
  const follow = (path: string): void => {
    for (const shared of sharedBy(files.get(path) ?? "", files)) {
      if (needed.has(shared)) continue;
      needed.add(shared);
      follow(shared);
    }
  };
  for (const path of paths) follow(path);
  return needed;
}

/**
 * Puts what entries share where it belongs: the core gets its name, what only the command line needs
 * lies with it, and what nobody needs goes.
 */
function arrange(built: Files, core: string): Files {
  // No module of ours does anything when it is loaded, so importing one for no name is of no use.
  const unused = /^import "\.\.?\/[^"]+";\n/gm;
  const files = new Map([...built].map(([path, code]) => [path, code.replaceAll(unused, "")]));
  const entries = [...files.keys()].filter((path) => !path.startsWith("shared/"));
  const isCli = (path: string): boolean => path.startsWith("cli/");
  const ofCli = neededBy(entries.filter(isCli), files);
  const ofLibrary = neededBy(
    entries.filter((path) => !isCli(path)),
    files,
  );
  const places = new Map(entries.map((path) => [path, path]));
  for (const path of ofCli) places.set(path, path.replace("shared/", "cli/"));
  for (const path of ofLibrary) places.set(path, path === core ? "shared/core.js" : path);
  return new Map(
    [...places].map(([path, place]) => {
      let code = files.get(path) ?? "";
      for (const shared of sharedBy(code, files)) {
        const name = shared.slice("shared/".length);
        for (const old of [`"./${name}"`, `"../${shared}"`]) {
          code = code.replaceAll(old, `"../${places.get(shared)}"`);
        }
      }
      return [place, code];
    }),
  );
}

/**
 * Bundles all entries and the command line, so that importing one reads few files.
 *
 * @remarks
 * All files lie in a folder of `directory`, so that paths between folders are the same everywhere.
 *
 * @param directory - an absolute path
 * @returns what each file is made of
 * @throws LicenceError where a library in the command line may not be passed on
 */
export async function buildJavaScript(directory: string): Promise<Metafile> {
  const { entries, programs, installed } = readManifest(root);
  const typedDocuments = [...schemasIn(root).keys()].map(
    (version) => `generated/${version}/graphql`,
  );
  const core = await coreModules(root, entryFile(defaultApiVersion), installed);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...entries, ...programs, "generated/documents", ...typedDocuments].map(
      (entry) => ({
        in: `src/${entry}.ts`,
        out: entry,
      }),
    ),
    outdir: directory,
    bundle: true,
    splitting: true,
    chunkNames: "shared/[name]-[hash]",
    format: "esm",
    // For the libraries of the command line; what else there is imports Node's modules by `node:` only.
    platform: "node",
    target,
    external: [...installed, "*.test.ts"],
    plugins: [documents, oneCore(core), cliLibraries, text],
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
  await writeFile(join(directory, "cli/LICENSES.txt"), await licences(metafile));
  await chmod(join(directory, "cli/usage-billing.js"), 0o755);
  return metafile;
}
