import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Metafile, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Licences that let their code be bundled into ours, as long as their text comes along. */
const ALLOWED = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];

/** A library of the bundle cannot be passed on. */
export class LicenceError extends Error {
  override readonly name = "LicenceError" as const;
}

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

/** What whoever installs the package has anyway. */
async function installedPackages(): Promise<string[]> {
  const { dependencies, peerDependencies } = await readPackage(root);
  return [...Object.keys(dependencies ?? {}), ...Object.keys(peerDependencies ?? {})];
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function readPackage(directory: string): Promise<PackageJson> {
  const parsed: PackageJson = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  return parsed;
}

/** The directories of the packages whose code is in the bundle. */
function bundledPackages({ outputs }: Metafile): string[] {
  const directories = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const path = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (path !== undefined && bytesInOutput > 0) directories.add(path);
    }
  }
  return [...directories].sort();
}

/** The licence texts of all packages in the bundle, as one text. @throws LicenceError */
async function licences(metafile: Metafile): Promise<string> {
  const texts = new Map<string, string>();
  for (const directory of bundledPackages(metafile)) {
    const path = join(root, directory);
    const { name, version, license = "none" } = await readPackage(path);
    if (!ALLOWED.includes(license)) {
      throw new LicenceError(`${name} ${version} has the licence ${license}`);
    }
    const file = (await readdir(path)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined)
      throw new LicenceError(`${name} ${version} comes without its licence's text`);
    const title = `${name} ${version} (${license})`;
    texts.set(title, (await readFile(join(path, file), "utf8")).trim());
  }
  const sections = [...texts].map(
    ([title, body]) => `${title}\n${"-".repeat(title.length)}\n\n${body}\n`,
  );
  return [
    "The command usage-billing contains code of the packages below, under their licences.\n",
    ...sections,
  ].join("\n");
}

/**
 * Bundles the command line with the libraries that only it needs.
 *
 * @param directory - where to put it, two levels below the repository: the simulator finds
 * the schemas from there
 * @throws LicenceError where a library may not be passed on
 */
export async function buildCli(directory: string): Promise<void> {
  if (relative(root, directory).split(sep).length !== 2) {
    throw new TypeError(`${directory} is not two levels below ${root}`);
  }
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/usage-billing.ts"],
    outdir: directory,
    bundle: true,
    // Commands load what they need: help does not wait for the simulator.
    splitting: true,
    chunkNames: "[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Names stay, for the traces of --debug.
    minifySyntax: true,
    minifyWhitespace: true,
    external: [...(await installedPackages()), "*.test.ts"],
    // Libraries that are CommonJS ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    plugins: [text],
    metafile: true,
    logLevel: "warning",
  });
  await writeFile(join(directory, "LICENSES.txt"), await licences(metafile));
  await chmod(join(directory, "usage-billing.js"), 0o755);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await buildCli(resolve(root, process.argv[2] ?? "dist/cli"));
}
