import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiVersions } from "../src/api-versions.js";
import { buildCli } from "./build-cli.js";

const root = join(import.meta.dirname, "..");

describe("the bundle of the command line", () => {
  let directory = "";
  beforeAll(async () => {
    directory = mkdtempSync(join(root, "node_modules/.build-cli-"));
    await buildCli(directory);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const javascript = (): string[] => readdirSync(directory).filter((name) => name.endsWith(".js"));

  test("imports nothing but Node.js and what the package depends on", () => {
    const imported = new Set<string>();
    for (const name of javascript()) {
      const text = readFileSync(join(directory, name), "utf8");
      for (const [, module = ""] of text.matchAll(
        /(?:^|[;}])(?:import|export)[^"';]*?(?:from)?"([^"]+)"/gm,
      )) {
        imported.add(module);
      }
    }
    const others = [...imported].filter(
      (module) => !/^(node:|\.\/)/.test(module) && !builtinModules.includes(module),
    );
    const { dependencies, peerDependencies }: Record<string, Record<string, string> | undefined> =
      JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    for (const module of others) expect(installed).toContain(module);
    expect(others).toContain("graphql");
  });

  test("is a program", async () => {
    const path = join(directory, "usage-billing.js");
    expect(readFileSync(path, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(path).mode & 0o111).not.toBe(0);
    const { stdout } = await promisify(execFile)(path, ["--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("has every API version, each loaded by itself", () => {
    for (const { handle } of apiVersions) {
      expect(javascript().some((name) => name.startsWith(`${handle}-`))).toBe(true);
    }
  });

  test("comes with the licence of each library in it", () => {
    const text = readFileSync(join(directory, "LICENSES.txt"), "utf8");
    for (const library of ["commander", "cli-table3", "csv-parse", "picocolors", "string-width"]) {
      expect(text).toMatch(new RegExp(`^${library} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, "m"));
    }
    expect(text.match(/copyright/gi)?.length).toBeGreaterThan(10);
    expect(text).not.toContain(root);
  });

  test("mentions no path of the machine that built it", () => {
    for (const name of javascript()) {
      expect(readFileSync(join(directory, name), "utf8")).not.toContain(root);
    }
  });
});

test("a place from which the simulator would not find the schemas is refused", async () => {
  await expect(buildCli(join(root, "cli"))).rejects.toThrow("is not two levels below");
});
