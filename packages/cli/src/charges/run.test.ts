import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  changedAnswers,
  cliUnderTest,
  jsonLines,
  openShop,
  temporaryFile,
} from "../cli-under-test.js";

const cli = cliUnderTest();
const BUCKET = { maximumAvailable: 1_000_000, restoreRate: 1_000_000 };

/** Rows that are too long for any buffer to hold the whole file. */
function longRows(count: number): string {
  const description = "1000 emails ".repeat(100);
  const rows = Array.from(
    { length: count },
    (_, index) => `event-${index + 1},${description},0.01`,
  );
  return ["idempotencyKey,description,amount", ...rows, ""].join("\n");
}

describe("a file that changes while it is charged", () => {
  test.each([
    ["breaks", 'event-x,"unclosed', "could not be read to the end: "],
    [
      "grows",
      "event-x,1000 emails,1.00\n",
      "it grew while it was charged: only its first 600 rows",
    ],
  ])("and %s ends with 3, the reason, and what was charged", async (_, addition, message) => {
    const { admin, env } = await openShop({ bucket: BUCKET });
    const { path, directory } = await temporaryFile("usage.csv", longRows(600));
    const args = ["charge-file", path, "--results", join(directory, "results.jsonl")];
    const running = cli.start([...args, "--concurrency", "2"], { env });
    await expect.poll(() => admin.ledger.length, { timeout: 20_000 }).toBeGreaterThan(2);
    await appendFile(path, addition);
    const { exitCode, stdout, stderr } = await running.ended;
    expect(stderr).toContain(message);
    expect(stderr).toContain("run the same command again");
    expect(stderr).not.toContain("othing was charged");
    // Rows that were read, but not begun, are left to the next run.
    expect(admin.ledger.length).toBeGreaterThan(100);
    expect(stdout).toMatch(new RegExp(`charged +${admin.ledger.length} {2}`));
    expect(exitCode).toBe(3);
  });
});

describe("a full disk", () => {
  const CSV = "idempotencyKey,description,amount\nevent-1,1000 emails,1.00\n";

  test("before the run is named, and nothing is charged", async () => {
    const { admin, env } = await openShop();
    const { directory } = await temporaryFile("usage.csv", CSV);
    // Half a line of a killed run, up to the limit of 1024 bytes that is set below.
    await writeFile(join(directory, "results.jsonl"), '{"line":'.padEnd(1024, "1"));
    const { exitCode, stderr } = await cli.shell(
      "ulimit -f 1; npx usage-billing charge-file usage.csv --results results.jsonl",
      { env, directory },
    );
    expect(stderr).toMatch(
      /--results results\.jsonl cannot be written: file too large \(EFBIG\)\. Nothing was charged/,
    );
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("during the run is named, and stops it", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const args = ["charge-file", path, "--results", "/dev/full"];
    const { exitCode, stderr } = await cli.run(args, { env });
    expect(stderr).toContain("The results cannot be written: no space left on device (ENOSPC)");
    expect(exitCode).toBe(3);
    expect(admin.ledger).toHaveLength(1);
  });

  test.each([
    ["charge --amount 1.00 --description a --key k --json", 3, "The merchant was charged ("],
    ["list --csv", 1, "The output cannot be written: "],
  ])("behind standard output is named: %s", async (line, expected, message) => {
    const { env } = await openShop();
    const { exitCode, stderr } = await cli.shell(`npx usage-billing ${line} > /dev/full`, { env });
    expect(stderr).toContain(message);
    expect(stderr).toContain("ENOSPC");
    expect(exitCode).toBe(expected);
  });
});

describe("a record that is not the charge's", () => {
  const CSV = "idempotencyKey,description,amount\nevent-1,1000 emails,1.00\n";

  test("is reported with both values, and exits with 7", async () => {
    const opened = await openShop();
    const env = await changedAnswers(opened, (answer) =>
      answer.replace('"idempotencyKey":"event-1"', '"idempotencyKey":null'),
    );
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    const args = ["charge-file", path, "--results", results];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(stderr).toMatch(
      /line 2 event-1 charged: The record \S+ has no idempotency key.*"event-1"/,
    );
    expect(stdout).toMatch(/differing {2}1 {2}charged, but the record differs/);
    expect(jsonLines(await readFile(results, "utf8"))).toMatchObject([
      { outcome: "charged", warnings: [expect.stringContaining("no idempotency key")] },
    ]);
    expect(exitCode).toBe(7);
  });
});
