import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const app = mkdtempSync(join(tmpdir(), "usage-billing-consumer-"));

/** Runs a command in a folder; its output is the error's message where it fails. */
function run(folder: string, command: string, ...args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

function versionOf(name: string): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(root, "node_modules", name, "package.json"), "utf8"),
  );
  return `${name}@${manifest.version}`;
}

describe("the packed package, installed in an empty app", () => {
  beforeAll(() => {
    run(root, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", app);
    const tarball = readdirSync(app).find((file) => file.endsWith(".tgz")) ?? "no tarball";
    cpSync(join(root, "test/package/consumer"), app, { recursive: true });
    writeFileSync(join(app, "package.json"), JSON.stringify({ private: true, type: "module" }));
    run(
      app,
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      `./${tarball}`,
      ...["graphql", "typescript", "@types/node"].map(versionOf),
    );
  }, 120_000);

  afterAll(() => rmSync(app, { recursive: true, force: true }));

  it("brings at most five packages beside graphql", () => {
    const lock: { packages: Record<string, { peer?: boolean; dev?: boolean }> } = JSON.parse(
      readFileSync(join(app, "package-lock.json"), "utf8"),
    );
    const ofTheApp =
      /node_modules\/(typescript|@typescript\/.*|@types\/node|undici-types|graphql)$/;
    const brought = Object.keys(lock.packages).filter(
      (path) => path !== "" && !ofTheApp.test(path),
    );
    expect(brought.length, brought.join(", ")).toBeLessThanOrEqual(5);
  });

  it("type-checks a strict consumer, libraries included", () => {
    expect(run(app, "npx", "--no", "tsc", "--noEmit")).toBe("");
  }, 60_000);

  it("charges over HTTP and gives narrowed, typed answers", () => {
    run(app, "npx", "--no", "tsc");
    expect(JSON.parse(run(app, "node", "out/charge.js"))).toEqual({
      id: expect.stringMatching(/^gid:\/\/shopify\/AppUsageRecord\/\d+$/),
      amount: "1.0",
      ledger: 1,
    });
  }, 60_000);

  it("is loaded by require, too", () => {
    const code = `const { createUsageBillingClient } = require("shopify-usage-billing");
      console.log(typeof createUsageBillingClient)`;
    expect(run(app, "node", "--input-type=commonjs", "--eval", code).trim()).toBe("function");
  });

  it("runs nothing at install", () => {
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      readFileSync(join(app, "node_modules/shopify-usage-billing/package.json"), "utf8"),
    );
    const hooks = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
  });
});
