import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ledgerDatabase } from "./commands/ledger/ledger-database.js";
import { cliUnderTest, openShop, temporaryFile, TOKEN } from "./cli-under-test.js";

const cli = cliUnderTest();
const PAGE = readFileSync(join(import.meta.dirname, "../../../docs/command-line.md"), "utf8");
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
const LEDGER_COMMANDS = [
  "ledger migrate",
  "ledger status",
  "ledger charge",
  "ledger resume",
  "ledger reconcile",
];

const hasJq = ((): boolean => {
  try {
    execFileSync("jq", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

/** Stand-ins for the programs of a user. */
const PROGRAMS = `
op() { echo '${TOKEN}'; }
usage-export() { cat usage.csv; }
`;

/** Runs lines of a shell as a user with a shop and some files would. */
async function run(lines: string): Promise<{ exitCode: number | null; stderr: string }> {
  const { env: shopEnv } = await openShop({ cap: "150" });
  const env = {
    ...shopEnv,
    ...(lines.includes("ledger") && { DATABASE_URL: (await ledgerDatabase({ uses: 2 })).url }),
  };
  const charges = "event-1,1000 emails,1.00\nevent-2,250 text messages,2.50\n";
  const { directory } = await temporaryFile(
    "usage.csv",
    `idempotencyKey,description,amount\n${charges}`,
  );
  await writeFile(join(directory, "export.csv"), `id,text,total\n${charges}`);
  await writeFile(join(directory, "own.csv"), `id,description,amount\n${charges}`);
  const app = '#!/bin/sh\nexec test -n "$USAGE_BILLING_ENDPOINT"\n';
  await writeFile(join(directory, "my-app"), app, { mode: 0o755 });
  return cli.shell(PROGRAMS + lines, { env, directory });
}

/** The shell blocks of the page that run by themselves. */
const BLOCKS = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, block = ""]) => block)
  .map((block) => block.replace(/^npm install .*\n/m, ""))
  // Ended by Ctrl-C; another test runs it.
  .filter((block) => !block.startsWith("npx usage-billing simulate"));

describe.skipIf(!hasJq)("docs/command-line.md", () => {
  test.each(BLOCKS)("has commands that work: %s", async (block) => {
    const end = block.startsWith("coproc") ? 'kill "$COPROC_PID"\n' : "";
    const { exitCode, stderr } = await run(block + end);
    expect(stderr).not.toContain("Error");
    expect(exitCode).toBe(0);
  });
});

describe("docs/command-line.md", () => {
  test.each([...PAGE.matchAll(/^npx usage-billing (simulate.*)$/gm)].map(([, line = ""]) => line))(
    "has a simulator that starts: %s",
    async (line) => {
      const running = cli.start([...line.split(" "), "--port", "0"]);
      expect(await running.shows("Press Ctrl-C to stop.")).toContain(
        "live page  http://127.0.0.1:",
      );
    },
  );

  test("has the exit codes of the help, in its order", async () => {
    const { stdout } = await cli.run(["--help"]);
    const [, help = ""] = stdout.split("Exit codes:");
    const [, section = ""] = PAGE.split("## Exit codes");
    const codesIn = (text: string, line: RegExp): readonly string[] =>
      [...text.matchAll(line)].map(([, code = ""]) => code);
    const documented = codesIn(section, /^\| (\d+) /gm);
    expect(documented).toEqual(codesIn(help, /^ {2}(\d+) /gm));
    expect(documented.length).toBeGreaterThan(10);
  });

  test.each(COMMANDS.concat(LEDGER_COMMANDS))(
    "lists every option of %s and no other",
    async (command) => {
      const sections = PAGE.split(/^## /m);
      const [group = "", name] = command.split(" ");
      const section = sections.find((section) => section.startsWith(`\`${group}\``)) ?? "";
      const own =
        name === undefined
          ? section
          : (section.split(/^### /m).find((part) => part.startsWith(`\`${command}\``)) ?? "");
      expect(own).not.toBe("");
      const shared = sections.find((section) => section.startsWith("Connecting")) ?? "";
      const { stdout } = await cli.run([...command.split(" "), "--help"]);
      const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)]
        .map(([, option = ""]) => option)
        .filter((option) => option !== "--help");
      for (const option of options) expect(own + shared).toContain(`\`${option}`);
      for (const [, option = ""] of own.matchAll(/^\| `(--[\w-]+)/gm)) {
        expect(options).toContain(option);
      }
    },
  );
});

describe.skipIf(!hasJq)("the help", () => {
  test.each(COMMANDS.concat(LEDGER_COMMANDS).filter((command) => command !== "simulate"))(
    "of %s has examples that work",
    async (command) => {
      const { stdout } = await cli.run([...command.split(" "), "--help"]);
      const [, examples = ""] = stdout.split("Examples:\n");
      const lines = examples.split("\n").filter((line) => line.includes("npx usage-billing"));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        // This example is about a file with another name for the key.
        const { exitCode, stderr } = await run(
          line.includes("--map") ? line.replace("usage.csv", "own.csv") : line,
        );
        expect(stderr).not.toContain("Error");
        expect(exitCode).toBe(0);
      }
    },
  );
});
