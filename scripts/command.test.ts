import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { edited, introspectionJson, partOf } from "./repository-copy.js";

const repository = join(import.meta.dirname, "..");
const sources = [
  ".changeset",
  ".prettierrc.json",
  "codegen.ts",
  "docs",
  "graphql",
  "package.json",
  "schema",
  "scripts",
  "src",
  "test",
  "tsconfig.json",
  "vitest.config.ts",
];

/** The tests that go through all versions. */
const ofAllVersions = [
  "scripts/billing-part.test.ts",
  "scripts/document-plugins.test.ts",
  "scripts/schema-definitions.test.ts",
  "src/api-versions.test.ts",
  "src/testing/every-field.test.ts",
];

/** Copies everything that the commands read, so that they can run there as they do here. */
function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), "usage-billing-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const path of sources.filter((path) => existsSync(join(repository, path)))) {
    cpSync(join(repository, path), join(copy, path), {
      recursive: true,
      filter: (source) => !source.includes("node_modules"),
    });
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** All files with their content. */
function snapshot(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
  );
}

interface Run {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a script of package.json, in a process group of its own as a terminal would. */
function npmRun(
  folder: string,
  args: readonly string[],
  { interruptAt }: { readonly interruptAt?: string } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const npm = spawn("npm", ["run", "--silent", ...args], { cwd: folder, detached: true });
    let output = "";
    let isInterrupted = false;
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (interruptAt === undefined || isInterrupted || !output.includes(interruptAt)) return;
      isInterrupted = true;
      process.kill(-(npm.pid ?? 0), "SIGINT");
    };
    npm.stdout.on("data", read);
    npm.stderr.on("data", read);
    npm.once("error", reject);
    npm.once("close", (status) => resolve({ status, output }));
  });
}

/** A version that is not in the repository. */
const NEXT = "2099-10";

/** The newest version, as a later one with a field less and a currency more. */
const next = introspectionJson(
  edited(partOf("unstable"), { gone: ["AppRecurringPricing.planHandle"] }).replace(
    "  USDC\n",
    "  USDC\n  USDX\n",
  ),
);

describe("the commands, run in a copy of the repository", { timeout: 300_000 }, () => {
  it("leave no difference after a version was added and removed", async () => {
    const copy = copySources();
    writeFileSync(join(copy, "next.json"), next);
    const before = snapshot(copy);

    const added = await npmRun(copy, ["add-version", "--", NEXT, "--from", "next.json"]);
    expect(added, added.output).toMatchObject({ status: 0 });
    expect(existsSync(join(copy, `src/versions/${NEXT}.ts`))).toBe(true);
    const checked = await npmRun(copy, ["generate:check"]);
    expect(checked, checked.output).toMatchObject({ status: 0 });
    const tested = await npmRun(copy, ["test:unit", "--", ...ofAllVersions]);
    expect(tested, tested.output).toMatchObject({ status: 0 });

    const removed = await npmRun(copy, ["remove-version", "--", NEXT]);
    expect(removed, removed.output).toMatchObject({ status: 0 });
    expect(snapshot(copy)).toEqual(before);
  });

  it("change nothing if Ctrl-C interrupts the compiler", async () => {
    const copy = copySources();
    writeFileSync(join(copy, "next.json"), next);
    const before = snapshot(copy);

    const interrupted = await npmRun(copy, ["add-version", "--", NEXT, "--from", "next.json"], {
      interruptAt: "Compiling",
    });
    expect(interrupted.output).toContain("Interrupted. Nothing was written.");
    expect(interrupted.status).not.toBe(0);
    expect(snapshot(copy)).toEqual(before);
  });

  it("report a schema that was edited by hand, and do not generate from it", async () => {
    const copy = copySources();
    const file = join(copy, "schema/unstable.graphql");
    writeFileSync(file, `${readFileSync(file, "utf8")}\ntype Extra {`);
    const message =
      "schema/unstable.graphql does not match schema/provenance.json: undo the edit, or run `npm run add-version -- unstable` to download it again.\n";
    await expect(npmRun(copy, ["generate:check"])).resolves.toEqual({ status: 1, output: message });
    await expect(npmRun(copy, ["generate"])).resolves.toEqual({ status: 1, output: message });
  });

  it("explain themselves", async () => {
    const { status, output } = await npmRun(repository, ["add-version", "--", "--help"]);
    expect(status).toBe(0);
    expect(output).toContain("npm run add-version -- VERSION [--from SOURCE]");
  });
});
