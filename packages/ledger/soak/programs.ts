import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The soak's programs, bundled, so that a worker is at work before it is killed. */
export interface Programs {
  start(program: "worker" | "shops-process", options: object): ChildProcess;
  remove(): Promise<void>;
}

/** Bundles the programs with the sources of this repository. */
export async function bundlePrograms(): Promise<Programs> {
  const folder = await mkdtemp(join(root, "node_modules/.ledger-soak-"));
  await build({
    absWorkingDir: root,
    entryPoints: ["worker", "shops-process"].map((name) => `packages/ledger/soak/${name}.ts`),
    outdir: folder,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    tsconfig: "tsconfig.json",
    // They are not worth bundling, or choose their files at run time.
    external: ["pg", "graphql", "big.js"],
    logLevel: "warning",
  });
  return {
    start: (program, options) =>
      fork(join(folder, `${program}.mjs`), [JSON.stringify(options)], {
        // Without the loader that this process runs under: a worker must be at work within 300 ms.
        execArgv: [],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      }),
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** The next message of a process. */
export async function message<T>(child: ChildProcess): Promise<T> {
  const [content] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]: unknown[]) => {
      throw new Error(`A process of the soak has ended with ${String(code)}`);
    }),
  ])) as [T]; // what the soak's own programs send
  return content;
}
