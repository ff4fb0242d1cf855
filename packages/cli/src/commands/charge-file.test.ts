import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  cliUnderTest,
  jsonLines,
  openShop,
  SHOP,
  temporaryDirectory,
  temporaryFile,
} from "../cli-under-test.js";

const cli = cliUnderTest();

const CSV = `idempotencyKey,description,amount
event-1,1000 emails,1.00
event-2,"250 text messages, sent",2.50
event-3,1000 emails,1.00
`;

function rows(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `event-${index + 1},1000 emails,0.01`);
  return ["idempotencyKey,description,amount", ...lines, ""].join("\n");
}

describe("a file", () => {
  test("is charged row by row; a pipe gets the results, standard error the summary", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const { exitCode, stdout, stderr } = await cli.run(["charge-file", path], { env });
    const results = jsonLines(stdout).toSorted((a, b) => Number(a["line"]) - Number(b["line"]));
    expect(results).toMatchObject([
      { line: 2, idempotencyKey: "event-1", outcome: "charged", amount: "1.0", shop: SHOP },
      { line: 3, idempotencyKey: "event-2", outcome: "charged", amount: "2.5", test: false },
      { line: 4, idempotencyKey: "event-3", outcome: "charged", currencyCode: "USD" },
    ]);
    expect(stderr).toMatch(/^ {2}charged {4}3 {2}4\.50 USD\n {2}in 0:0\d\n$/);
    expect(exitCode).toBe(0);
    expect(admin.ledger.map(({ description }) => description)).toContain("250 text messages, sent");
  });

  test("can be JSON lines, in the client's own shape or flat", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile(
      "usage.jsonl",
      `{"idempotencyKey":"event-1","description":"a","price":{"amount":"1.00","currencyCode":"USD"}}

{"key":"event-2","description":"b","amount":2.5}
{"idempotency_key":3,"description":"c","amount":"1"}
`,
    );
    const { exitCode, stdout } = await cli.run(["charge-file", path], { env });
    expect(exitCode).toBe(0);
    expect(
      jsonLines(stdout)
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual([1, 3, 4]);
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual([
      "3",
      "event-1",
      "event-2",
    ]);
  });

  test.each([
    ["CSV", CSV],
    ["CSV with a byte order mark and Windows' line ends", `\uFEFF${CSV.replaceAll("\n", "\r\n")}`],
    ["JSON lines", `{"key":"event-1","description":"a","amount":"4.50"}\n`],
  ])("can come from standard input: %s", async (_, input) => {
    const { admin, env } = await openShop();
    const { exitCode } = await cli.run(["charge-file", "-"], { env, input });
    expect(exitCode).toBe(0);
    const sum = admin.ledger.reduce((sum, { price }) => sum + Number(price.amount), 0);
    expect(sum).toBe(4.5);
  });

  test("can have semicolons with --delimiter", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV.replaceAll(",", ";"));
    const wrong = await cli.run(["charge-file", path], { env });
    expect(wrong.stderr).toContain('The fields are not separated by ","\nGive --delimiter ";".');
    expect(wrong.exitCode).toBe(2);
    const { exitCode } = await cli.run(["charge-file", path, "--delimiter", ";"], { env });
    expect(exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(3);
  });

  test("is refused if it is missing, empty or a JSON array", async () => {
    const { env } = await openShop();
    const missing = await cli.run(["charge-file", "none.csv"], { env });
    expect(missing.stderr).toContain("none.csv cannot be read: no such file or directory (ENOENT)");
    expect(missing.exitCode).toBe(2);
    const empty = await cli.run(["charge-file", "-"], { env, input: "" });
    expect(empty.stderr).toContain("Standard input is empty");
    expect(empty.exitCode).toBe(2);
    const array = await cli.run(["charge-file", "-"], { env, input: "[]" });
    expect(array.stderr).toContain("Give one object per line: jq -c '.[]'");
    expect(array.exitCode).toBe(2);
  });

  test("can name its line item, and leave test subscriptions alone", async () => {
    const { admin, shop, env } = await openShop({ test: true });
    const { path } = await temporaryFile("usage.csv", CSV);
    const live = await cli.run(["charge-file", path, "--live"], { env });
    expect(live.stderr).toContain("no active subscription with usage pricing that is billed");
    expect(live.exitCode).toBe(1);
    const id = shop.activeSubscription?.usageLineItem?.id ?? "";
    const named = await cli.run(["charge-file", path, "--line-item", id], { env });
    expect(named.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(3);
  });
});

describe("before anything is charged", () => {
  const WRONG = `key,description,amount,currency
event-1,1000 emails,1.00,USD
event-2,,1.00,USD
,1000 emails,1.00,USD
event-4,1000 emails,1.00,usd
event-5,1000 emails,-1,USD
event-6,1000 emails,1.00
event-1,1000 emails,2.00,USD
event-1,1000 emails,1.0,USD
`;

  test("checks the whole file and names each invalid row", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", WRONG);
    const { exitCode, stdout, stderr } = await cli.run(["charge-file", path], { env });
    const [summary, ...lines] = stderr.trimEnd().split("\n");
    expect(summary).toContain(`${path} has 6 invalid rows. Nothing was charged`);
    expect(lines).toEqual([
      "  line 3: description is empty",
      "  line 4: idempotencyKey is empty",
      expect.stringMatching(/^ {2}line 5: currencyCode .*"usd"/),
      expect.stringMatching(/^ {2}line 6: amount .*"-1"/),
      "  line 7: has 3 fields, but the header has 4",
      '  line 8: idempotencyKey "event-1" was used in line 2 for another charge',
      "Correct them, or give --skip-invalid to charge only the valid rows.",
    ]);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("leaves invalid rows out with --skip-invalid", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", WRONG);
    const args = ["charge-file", path, "--skip-invalid"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    const outcomes = jsonLines(stdout).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "invalid")).toHaveLength(6);
    expect(stderr).toMatch(/charged {4}2 {2}1\.00 USD\n {2}invalid {4}6 {2}not sent/);
    expect(exitCode).toBe(1);
    expect(admin.ledger).toHaveLength(1);
  });

  test.each([
    ["a column is missing", "key,amount\nevent-1,1\n", "usage: description is missing"],
    [
      "a column is unknown",
      "key,description,amount,curency\nevent-1,a,1,EUR\n",
      'usage: "curency" is not a field of a charge',
    ],
    [
      "a column is there twice",
      "key,idempotencyKey,description,amount\na,b,c,1\n",
      '"key" and "idempotencyKey" are both the idempotencyKey',
    ],
    ["a line is not JSON", '{"key":\n', "line 1: is not JSON"],
    ["a line is not an object", "{}\n7\n", "line 2: is not a JSON object"],
  ])("refuses a file if %s", async (_, content, message) => {
    const { env } = await openShop();
    const { path } = await temporaryFile("usage", content);
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("allows unknown columns with --ignore-unknown", async () => {
    const { env } = await openShop();
    const { path } = await temporaryFile("usage.csv", "key,description,amount,note\na,b,1,c\n");
    const { exitCode } = await cli.run(["charge-file", path, "--ignore-unknown"], { env });
    expect(exitCode).toBe(0);
  });

  test("checks and adds up with --dry-run, without shop or token", async () => {
    const { path } = await temporaryFile("usage.csv", CSV);
    const text = await cli.run(["charge-file", path, "--dry-run", "--currency", "EUR"]);
    expect(text.stdout).toBe(`${path}: 3 rows, all valid; 4.50 EUR. Nothing was sent.\n`);
    expect(text.exitCode).toBe(0);
    const json = await cli.run(["charge-file", path, "--dry-run", "--currency", "EUR", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      rows: 3,
      invalid: 0,
      sums: [{ amount: "4.5", currencyCode: "EUR" }],
    });
  });

  test("warns of a sum beyond the cap", async () => {
    const { env } = await openShop({ cap: "3.00" });
    const { path } = await temporaryFile("usage.csv", CSV);
    const { stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain("Warning: 4.50 USD is more than the 3.00 USD left below the cap");
  });

  test("requires --yes for real charges in a pipe, and always for standard input", async () => {
    const { admin, realEnv: env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const file = await cli.run(["charge-file", path], { env });
    expect(file.stderr).toContain("Give --yes to charge without confirmation");
    expect(file.exitCode).toBe(2);
    const stdin = await cli.run(["charge-file", "-"], { env, input: CSV });
    expect(stdin.stderr).toContain("standard input contains the charges");
    expect(stdin.exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
    const yes = await cli.run(["charge-file", path, "--yes"], { env });
    expect(yes.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(3);
  });
});

describe("results", () => {
  test("in a file make the next run skip what was charged", async () => {
    const { admin, env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    admin.faults.next("internalErrorBefore", 1, "mutations");
    const args = ["charge-file", path, "--results", results, "--concurrency", "1"];
    const first = await cli.run([...args, "--attempts", "1"], { env });
    expect(first.exitCode).toBe(3);
    expect(first.stderr).toMatch(/line 2 event-1 unknown: /);
    expect(first.stdout).toContain(
      "unknown    1  may have been charged; run it again with the same keys",
    );

    const before = admin.requests.length;
    const second = await cli.run(args, { env });
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toMatch(/charged {4}1 {2}1\.00 USD\n {2}skipped {4}2 {2}charged before/);
    const sent = admin.requests.slice(before).flatMap(({ rootFields }) => rootFields);
    expect(sent.filter((field) => field === "appUsageRecordCreate")).toHaveLength(1);
    expect(jsonLines(await readFile(results, "utf8"))).toHaveLength(4);
    expect(admin.ledger).toHaveLength(3);
  });

  test("with half a line of a killed run are continued", async () => {
    const { env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    await writeFile(results, '{"line":2,"idempotencyKey":"event-1","outc');
    const { exitCode } = await cli.run(["charge-file", path, "--results", results], { env });
    expect(exitCode).toBe(0);
    const [half, ...whole] = (await readFile(results, "utf8")).trim().split("\n");
    expect(half).toBe('{"line":2,"idempotencyKey":"event-1","outc');
    expect(jsonLines(whole.join("\n"))).toHaveLength(3);
  });

  test("of another shop are refused", async () => {
    const { env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    const line = {
      outcome: "charged",
      idempotencyKey: "event-1",
      amount: "1.0",
      currencyCode: "USD",
    };
    await writeFile(results, `${JSON.stringify({ ...line, shop: "other.myshopify.com" })}\n`);
    const { exitCode, stderr } = await cli.run(["charge-file", path, "--results", results], {
      env,
    });
    expect(stderr).toContain(
      "belongs to another shop or endpoint: line 1 is from other.myshopify.com",
    );
    expect(exitCode).toBe(2);
  });

  test("of another price do not skip a row: the conflict is reported", async () => {
    const { admin, env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    await cli.run(["charge-file", path, "--results", results], { env });
    await writeFile(path, CSV.replace("2.50", "3.50"));
    const { exitCode, stdout } = await cli.run(["charge-file", path, "--results", results], {
      env,
    });
    expect(stdout).toContain("IdempotencyConflictError");
    expect(stdout).toMatch(/skipped {4}2/);
    expect(stdout).toMatch(/conflict {3}1 {2}the key belongs to another charge/);
    expect(exitCode).toBe(5);
    expect(admin.ledger).toHaveLength(3);
  });

  test("that cannot be written start nothing", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const results = join(await temporaryDirectory(), "none", "results.jsonl");
    const { exitCode, stderr } = await cli.run(["charge-file", path, "--results", results], {
      env,
    });
    expect(stderr).toContain(
      `--results ${results} cannot be written: no such file or directory (ENOENT)`,
    );
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("whose reader has gone stop the run; charges under way are finished", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", rows(300));
    const running = cli.start(["charge-file", path, "--concurrency", "2"], { env });
    running.process.stdout.destroy();
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain("Error: The results cannot be written");
    expect(stderr).toContain("Run the same command again");
    expect(exitCode).toBe(3);
    expect(admin.ledger.length).toBeLessThan(300);
  });

  test("end with a summary with --json", async () => {
    const { env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const { stdout, stderr } = await cli.run(["charge-file", path, "--json"], { env });
    expect(jsonLines(stdout)).toHaveLength(4);
    expect(jsonLines(stdout).at(-1)).toEqual({
      summary: {
        charged: 3,
        refused: 0,
        failed: 0,
        unknown: 0,
        unsettled: 0,
        conflict: 0,
        invalid: 0,
        differing: 0,
        skipped: 0,
        notBegun: 0,
        sums: [{ amount: "4.5", currencyCode: "USD" }],
        milliseconds: expect.any(Number),
      },
    });
    expect(stderr).toBe("");
  });
});

describe("a run that does not go well", () => {
  test("counts refusals by code and says what to do", async () => {
    const { env } = await openShop({ cap: "2.00" });
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    const { exitCode, stdout, stderr } = await cli.run(
      ["charge-file", path, "--results", results],
      { env },
    );
    expect(stdout).toContain("refused    1  not charged, 1 × CAPPED_AMOUNT_EXCEEDED");
    expect(stderr).toContain("line 3 event-2 refused: Total price exceeds balance remaining");
    expect(stderr).toContain(
      "CAPPED_AMOUNT_EXCEEDED: Raise the cap with `npx usage-billing raise-cap`",
    );
    expect(exitCode).toBe(1);
  });

  test("exits with 4 if only passing failures are left", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    admin.faults.next("tooManyRequests", 1, "mutations");
    const args = ["charge-file", path, "--attempts", "1", "--json"];
    const { exitCode, stdout } = await cli.run(args, { env });
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { charged: 2, failed: 1 } });
    expect(exitCode).toBe(4);
  });

  test("stops if all remaining rows would end the same way", async () => {
    const { shop, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", rows(200));
    shop.setStatus("frozen");
    const args = ["charge-file", path, "--currency", "USD", "--concurrency", "2"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(stderr).toContain("Stopping: all remaining rows would end the same way.");
    expect(stderr).toContain("ShopUnavailableError");
    expect(stderr).toMatch(/not begun {2}19\d {2}run it again/);
    expect(jsonLines(stdout).length).toBeLessThan(10);
    expect(exitCode).toBe(1);
  });

  test("stops after --max-failures", async () => {
    const { env } = await openShop({ cap: "0.005" });
    const { path } = await temporaryFile("usage.csv", rows(100));
    const args = ["charge-file", path, "--max-failures", "5", "--concurrency", "1"];
    const { exitCode, stdout } = await cli.run(args, { env });
    expect(jsonLines(stdout).length).toBeGreaterThanOrEqual(5);
    expect(jsonLines(stdout).length).toBeLessThan(8);
    expect(exitCode).toBe(1);
  });

  test.each([["0"], ["1.5"], ["5000"]])("refuses --concurrency %s", async (concurrency) => {
    const { env } = await openShop();
    const { path } = await temporaryFile("usage.csv", CSV);
    const args = ["charge-file", path, "--concurrency", concurrency];
    const { exitCode, stderr } = await cli.run(args, { env });
    expect(stderr).toContain(`--concurrency`);
    expect(exitCode).toBe(2);
  });
});

describe("Ctrl-C", () => {
  test("finishes the charges under way and starts no others; the next run continues", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const { path, directory } = await temporaryFile("usage.csv", rows(50));
    const results = join(directory, "results.jsonl");
    const args = ["charge-file", path, "--results", results];
    const running = cli.start([...args, "--concurrency", "3"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(3);
    running.process.kill("SIGINT");
    await running.shows("Stopping: charges under way are finished first.");
    admin.clock.advance(1000);
    const { exitCode, stdout } = await running.ended;
    expect(stdout).toMatch(/charged {5}3 {2}0\.03 USD\n {2}not begun {2}47 {2}run it again/);
    expect(exitCode).toBe(130);
    expect(admin.ledger).toHaveLength(3);

    admin.faults.clear();
    const next = await cli.run(args, { env });
    expect(next.stdout).toMatch(/charged {4}47 {2}0\.47 USD\n {2}skipped {5}3/);
    expect(next.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(50);
  });

  test("a second time stops at once, and the next run charges nothing twice", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const { path } = await temporaryFile("usage.csv", rows(20));
    const running = cli.start(["charge-file", path, "--concurrency", "3"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(3);
    running.process.kill("SIGINT");
    await running.shows("Stopping:");
    running.process.kill("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain("Charges under way may have been made: run the same command again.");
    expect(exitCode).toBe(3);

    admin.clock.advance(1000);
    admin.faults.clear();
    const next = await cli.run(["charge-file", path], { env });
    expect(next.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(20);
  });

  test("stops a run whose writer never ends", async () => {
    const { admin, env } = await openShop();
    const running = cli.start(["charge-file", "-"], { env });
    running.process.stdin.write('{"key":"event-1","description":"a","amount":"1"}\n{"key":"ev');
    await expect.poll(() => admin.ledger.length).toBe(1);
    await running.shows("event-1");
    running.process.kill("SIGTERM");
    const { exitCode, stdout } = await running.ended;
    expect(jsonLines(stdout)).toMatchObject([{ idempotencyKey: "event-1", outcome: "charged" }]);
    expect(exitCode).toBe(143);
  });
});
