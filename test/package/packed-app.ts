import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

/** The app's own compiler, from its folder. */
export const TSC = "./node_modules/.bin/tsc";

/** Returns the npm argument for a package, in this repository's version. */
export async function installed(name: string): Promise<string> {
  const text = await readFile(join(root, "node_modules", name, "package.json"), "utf8");
  const manifest: { version: string } = JSON.parse(text);
  return `${name}@${manifest.version}`;
}

/** An empty app in a temporary folder, with the packed package installed. */
export interface PackedApp {
  readonly folder: string;
  /** Runs a command in the app and returns its output. If it fails, the output is the error's message. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<string>;
  readonly read: (path: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Packs what was built, installs it with other packages in an empty app, and copies a folder of `test/` into it. */
export async function createPackedApp(
  source: string,
  packages: readonly string[],
  type: "module" | "commonjs" = "module",
): Promise<PackedApp> {
  const folder = await mkdtemp(join(tmpdir(), "usage-billing-app-"));
  const run = async (cwd: string, command: string, args: readonly string[]): Promise<string> => {
    try {
      return (await execute(command, args, { cwd, maxBuffer: 2 ** 26 })).stdout;
    } catch (cause) {
      const { stdout = "", stderr = "" }: { stdout?: string; stderr?: string } = Object(cause);
      throw new Error(`${command} failed:\n${stdout}${stderr}`.slice(0, 4_000), { cause });
    }
  };
  await cp(join(root, "test", source), folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  await run(root, "npm", pack);
  const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  const quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"];
  await run(folder, "npm", ["install", ...quiet, `./${tarball}`, ...packages]);
  return {
    folder,
    run: (command, ...args) => run(folder, command, args),
    read: (path) => readFile(join(folder, path), "utf8"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
