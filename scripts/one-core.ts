import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

const outsideCore = /\/src\/(?:generated|versions)\//;

/** The modules of the core, as absolute paths: all that a version's entry runs, but for itself and the documents. */
export async function coreModules(
  root: string,
  entry: string,
  external: readonly string[],
): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    external: [...external],
    logLevel: "warning",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return new Set(
    inputs
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => join(root, input))
      .filter((path) => !outsideCore.test(path)),
  );
}

/**
 * Keeps the core in one file, whatever part of it an entry uses.
 *
 * @remarks
 * Left alone, esbuild makes a file of each set of modules that the same entries use. Whatever imports
 * a module of the core here also imports the core as a whole, so all of it is used by the same entries.
 */
export function oneCore(modules: ReadonlySet<string>): Plugin {
  return {
    name: "one-core",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:\.{1,2})?\// }, ({ path, importer, resolveDir, namespace }) => {
        if (namespace === "core") return undefined;
        const file = resolve(resolveDir, path).replace(/\.js$/, ".ts");
        if (!modules.has(file) || modules.has(importer)) return undefined;
        return { path: file, namespace: "core", sideEffects: true };
      });
      onResolve({ filter: /^whole-core$/ }, ({ path }) => ({
        path,
        namespace: "whole-core",
        sideEffects: true,
      }));
      onLoad({ filter: /.*/, namespace: "core" }, ({ path }) => ({
        contents: `import "whole-core"; export * from ${JSON.stringify(path)};`,
        resolveDir: "/",
      }));
      onLoad({ filter: /.*/, namespace: "whole-core" }, () => ({
        contents: [...modules].map((module) => `import ${JSON.stringify(module)};`).join("\n"),
        resolveDir: "/",
      }));
    },
  };
}
