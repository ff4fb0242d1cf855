import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { transform, type Plugin } from "esbuild";

const ofNode = new RegExp(`^(?:node:.+|${builtinModules.join("|")})$`);

/** The libraries in the command line: short names within, and Node's modules imported. */
export const cliLibraries: Plugin = {
  name: "cli-libraries",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: ofNode }, ({ path, kind }) =>
      kind === "require-call" ? { path, namespace: "node" } : undefined,
    );
    // A module has no `require` of its own.
    onLoad({ filter: /.*/, namespace: "node" }, ({ path }) => ({
      contents: `import * as all from ${JSON.stringify(path)}; module.exports = all.default;`,
    }));
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => {
      const code = await readFile(path, "utf8");
      const format = /^(?:import|export)\b/m.test(code) ? "esm" : "cjs";
      const { code: contents } = await transform(code, {
        format,
        minifyIdentifiers: true,
        legalComments: "none",
        platform: "node",
      });
      return { contents, loader: "js" };
    });
  },
};
