import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cliUnderTest } from "./cli-under-test.js";

const cli = cliUnderTest();
const COMMANDS = [
  "charge",
  "charge-file",
  "list",
  "balance",
  "subscriptions",
  "raise-cap",
  "versions",
  "simulate",
];

/** The options that a help text lists. */
function optionsIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = ""]) => option);
}

test("help lists every command, with examples and exit codes", async () => {
  const { exitCode, stdout, stderr } = await cli.run(["--help"]);
  for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command} `);
  expect(stdout).toContain(
    "Examples:\n  # try everything here without a shop\n  usage-billing simulate\n",
  );
  expect(stdout).toContain("\nExit codes:\n  0  done\n");
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test.each(COMMANDS)("help of %s has examples", async (command) => {
  const { exitCode, stdout } = await cli.run(["help", command]);
  expect(stdout).toMatch(new RegExp(`^Usage: usage-billing ${command} `));
  expect(stdout).toContain(`usage-billing ${command}`);
  expect(stdout).toMatch(/\nExamples:\n {2}# /);
  expect(exitCode).toBe(0);
});

test("the version is the package's", async () => {
  const { stdout } = await cli.run(["--version"]);
  const packageJson = await readFile(join(import.meta.dirname, "../package.json"), "utf8");
  const { version }: { version: string } = JSON.parse(packageJson);
  expect(stdout).toBe(`${version}\n`);
});

test.each([
  [[], /^Usage: usage-billing /],
  [["blance"], /unknown command 'blance'\n\(Did you mean balance\?\)/],
  [["balance", "--shpo", "x"], /unknown option '--shpo'\n\(Did you mean --shop\?\)/],
  [["charge"], /required option '--amount <amount>' not specified/],
  [["charge-file"], /missing required argument 'file'/],
])("%j is no command line", async (args, message) => {
  const { exitCode, stdout, stderr } = await cli.run(args);
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
});

describe("docs/command-line.md", () => {
  test.each(COMMANDS)("has %s with every option, and no other", async (command) => {
    const page = await readFile(join(import.meta.dirname, "../../../docs/command-line.md"), "utf8");
    const sections = page.split(/^## /m);
    const own = sections.find((section) => section.startsWith(`\`${command}\``)) ?? "";
    expect(own).not.toBe("");
    const shared = sections.find((section) => section.startsWith("Connecting")) ?? "";
    const { stdout } = await cli.run(["help", command]);
    const options = optionsIn(stdout).filter((option) => option !== "--help");
    for (const option of options) expect(own + shared).toContain(`\`${option}`);
    for (const [, option = ""] of own.matchAll(/^\| `(--[\w-]+)/gm)) {
      expect(options).toContain(option);
    }
  });
});
