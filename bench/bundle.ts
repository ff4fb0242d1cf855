import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** The size of a bundle with its dependencies, in bytes. */
export interface BundleSize {
  readonly minified: number;
  readonly gzipped: number;
}

/** Bundles and minifies a module whose imports are installed in an app. */
export async function bundleSize(app: string, code: string): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: app },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error("esbuild returned no bundle");
  return {
    minified: bundle.contents.byteLength,
    gzipped: gzipSync(bundle.contents, { level: 9 }).byteLength,
  };
}
