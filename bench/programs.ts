import { join } from "node:path";
import { stringifyDocument } from "@urql/core";
import { build } from "esbuild";
import {
  AppUsageRecordCreateDocument,
  UsageRecordsDocument,
} from "../src/generated/2025-01/graphql.js";

/**
 * Compiles programs of the benchmark into an app, where plain `node` runs them and finds the
 * installed packages; gives their files.
 */
export async function compile(
  app: string,
  programs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  await build({
    entryPoints: programs.map((program) => join(import.meta.dirname, `${program}.ts`)),
    outbase: import.meta.dirname,
    outdir: app,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    // Without the repository's `paths`, which lead to `src/`: what is measured is what users install.
    tsconfigRaw: {},
    define: {
      CHARGE_OPERATION: JSON.stringify(stringifyDocument(AppUsageRecordCreateDocument)),
      READ_OPERATION: JSON.stringify(stringifyDocument(UsageRecordsDocument)),
    },
    logLevel: "warning",
  });
  return new Map(programs.map((program) => [program, join(app, `${program}.mjs`)]));
}
