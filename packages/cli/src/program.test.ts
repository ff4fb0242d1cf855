import { execFile } from "node:child_process";
import { cp, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
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
  "ledger",
  "simulate",
];

test("lists every command, examples and exit codes in the help", async () => {
  const { exitCode, stdout, stderr } = await cli.run(["--help"]);
  for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command} `);
  expect(stdout).toContain(
    "Examples:\n  # try everything without a shop\n  npx usage-billing simulate\n",
  );
  expect(stdout).toContain("\nExit codes:\n  0    done\n");
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test.each(COMMANDS)("gives examples in the help of %s", async (command) => {
  const { exitCode, stdout } = await cli.run(["help", command]);
  expect(stdout).toMatch(new RegExp(`^Usage: npx usage-billing ${command} `));
  expect(stdout).toContain(`npx usage-billing ${command}`);
  expect(stdout).toMatch(/\nExamples:\n {2}# /);
  expect(exitCode).toBe(0);
});

test("names its package if npx has fetched it", async () => {
  // Inside the package, so that it finds its dependencies.
  const fetched = join(import.meta.dirname, "../node_modules/_npx/1/dist");
  await cp(dirname(cli.script), fetched, { recursive: true });
  onTestFinished(() => rm(join(fetched, "../.."), { recursive: true }));
  const run = promisify(execFile)(process.execPath, [
    join(fetched, basename(cli.script)),
    "--help",
  ]);
  const { stdout } = await run;
  expect(stdout).toMatch(/^Usage: npx -p shopify-usage-billing-cli usage-billing /);
  expect(stdout).not.toContain("npx usage-billing");
});

test("prints the package's version", async () => {
  const { stdout } = await cli.run(["--version"]);
  const packageJson = await readFile(join(import.meta.dirname, "../package.json"), "utf8");
  const { version }: { version: string } = JSON.parse(packageJson);
  expect(stdout).toBe(`${version}\n`);
});

test.each([
  [[], /^Usage: npx usage-billing /],
  [["blance"], /unknown command 'blance'\n\(Did you mean balance\?\)/],
  [["balance", "--shpo", "x"], /unknown option '--shpo'\n\(Did you mean --shop\?\)/],
  [["charge"], /^Error: --amount is missing\nRun it with --help/],
  [["charge", "--amount", "1"], /^Error: --description is missing\n/],
  [["charge", "--amuont", "1"], /unknown option '--amuont'\n\(Did you mean --amount\?\)/],
  [["raise-cap", "--ammount", "1"], /unknown option '--ammount'\n\(Did you mean --amount\?\)/],
  [["charge-file", "--reslts", "x"], /unknown option '--reslts'\n\(Did you mean --results\?\)/],
  [["charge-file"], /missing required argument 'file'/],
  [["ledger", "chrage"], /unknown command 'chrage'\n\(Did you mean charge\?\)/],
  [["ledger", "migrate"], /^Error: The ledger's database is missing\nGive --database-url /],
  [["ledger", "status", "--database-url", "x"], /^Error: The shop is missing\n/],
  [["ledger", "status", "--all", "--database-url", "x"], /^Error: --database-url must be a URL/],
  [["ledger", "charge", "--roll-up", "week"], /Expected day, hour, each, or an amount/],
])("refuses %j and says what was probably meant", async (args, message) => {
  const { exitCode, stdout, stderr } = await cli.run(args);
  expect(stderr).toMatch(message);
  expect(stdout).toBe("");
  expect(exitCode).toBe(2);
});
