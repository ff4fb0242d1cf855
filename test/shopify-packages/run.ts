/**
 * Runs the tests of `fromAdmin` against Shopify's packages that are not among this repository's own
 * dependencies, each installed into a temporary folder: `npm run test:shopify-packages`.
 *
 * They are apart because the Remix package's peers want an older React than the one that is tested here.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PACKAGES = [
  ["@shopify/shopify-app-remix", "6", ["react@18"]],
  ["@shopify/shopify-app-remix", "4", ["react@18"]],
  ["@shopify/shopify-app-react-router", "1", ["react@18", "react-dom@18", "react-router@7"]],
] as const;

function run(command: string, args: readonly string[], options: object = {}): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

const folders: string[] = [];
try {
  const entries = PACKAGES.map(([name, version, peers]) => {
    const cwd = mkdtempSync(join(tmpdir(), "shopify-package-"));
    folders.push(cwd);
    writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const install = [
      "install",
      "--legacy-peer-deps",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
    ];
    run("npm", [...install, `${name}@${version}`, ...peers], { cwd });
    const entry = join(cwd, "package.mjs");
    writeFileSync(
      entry,
      `export const name = "${name}@${version}";
export { shopifyApp } from "${name}/server";
export { Session } from "@shopify/shopify-api";
export { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
`,
    );
    return pathToFileURL(entry).href;
  });
  run("npx", ["vitest", "run", "--project", "unit", "src/shopify"], {
    env: { ...process.env, SHOPIFY_PACKAGES: entries.join(",") },
  });
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
