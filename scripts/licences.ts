import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Licences that let their code be bundled into ours, as long as their text comes along. */
const ALLOWED = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"];

/** A library of the bundle cannot be passed on. */
export class LicenceError extends Error {
  override readonly name = "LicenceError" as const;
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
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
export async function licences(metafile: Metafile): Promise<string> {
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
