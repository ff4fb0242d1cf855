import { execFile } from "node:child_process";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { cliUnderTest, jsonLines, openShop, SHOP, temporaryFile } from "../cli-under-test.js";

const cli = cliUnderTest();
const HEADER = "idempotencyKey,description,amount\n";
const CSV = `${HEADER}event-1,1000 emails,1.00\nevent-2,1000 emails,1.00\n`;

describe("encoding", () => {
  const ACCENTS = `${HEADER}André-1,1000 emails,1.00\nAndrè-1,1000 emails,1.00\n`;

  test.each([
    [
      "Windows-1252",
      Buffer.from(ACCENTS, "latin1"),
      "is not UTF-8: line 2 contains an invalid byte",
    ],
    ["UTF-16", Buffer.from(`\uFEFF${ACCENTS}`, "utf16le"), "is UTF-16, not UTF-8"],
    [
      "an end within a character",
      Buffer.from(ACCENTS).subarray(0, HEADER.length + 5),
      "is not UTF-8: line 2",
    ],
  ])("refuses %s", async (_, content, message) => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", content);
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain(`${path} ${message}`);
    expect(stderr).toContain("Save it as UTF-8");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("refuses it on standard input, too", async () => {
    const { admin, env, directory } = { ...(await openShop()), ...(await temporaryFile("x", "")) };
    await writeFile(join(directory, "usage.csv"), Buffer.from(ACCENTS, "latin1"));
    const { exitCode, stderr } = await cli.shell("npx usage-billing charge-file - < usage.csv", {
      env,
      directory,
    });
    expect(stderr).toContain("Standard input is not UTF-8: line 2");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("keeps two keys apart that differ by an accent", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", ACCENTS);
    const { exitCode } = await cli.run(["charge-file", path], { env });
    expect(exitCode).toBe(0);
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual([
      "Andrè-1",
      "André-1",
    ]);
  });

  test.each([
    ["that was lost", `${HEADER}Andr\uFFFD-1,1000 emails,1.00\n`],
    ["that is half a pair", '{"key":"a\\ud83d","description":"1000 emails","amount":"1.00"}\n'],
  ])("refuses a key with a character %s", async (_, content) => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage", content);
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain("idempotencyKey contains a character that was lost (U+FFFD)");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("keeps every digit of JSON numbers", async () => {
    const { admin, env } = await openShop();
    const rows = [
      '{"key":12345678901234567890,"description":"a","amount":1.00}',
      '{"key":12345678901234567891,"description":"a","amount":0.5e1}',
    ];
    const { path } = await temporaryFile("usage.jsonl", rows.join("\n"));
    const { exitCode } = await cli.run(["charge-file", path], { env });
    expect(exitCode).toBe(0);
    expect(
      admin.ledger.map(({ idempotencyKey, price }) => [idempotencyKey, price.amount]).toSorted(),
    ).toEqual([
      ["12345678901234567890", "1.0"],
      ["12345678901234567891", "5.0"],
    ]);
  });

  test("refuses a JSON field that is there twice", async () => {
    const { env } = await openShop();
    const { path } = await temporaryFile(
      "usage.jsonl",
      '{"key":"a","description":"a","amount":"1","amount":"2"}',
    );
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toMatch(/line 1: is not JSON: Duplicate key 'amount'/);
    expect(exitCode).toBe(2);
  });
});

describe("the results", () => {
  test.each([
    ["by its name", async (path: string) => path],
    [
      "by a symbolic link",
      async (path: string, to: string) => {
        await symlink(path, to);
        return to;
      },
    ],
    [
      "by a hard link",
      async (path: string, to: string) => {
        await link(path, to);
        return to;
      },
    ],
  ])("cannot go into the file of charges, %s", async (_, name) => {
    const { admin, env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = await name(path, join(directory, "results.jsonl"));
    const args = ["charge-file", path, "--results", results];
    const { exitCode, stderr } = await cli.run(args, { env });
    expect(stderr).toContain(`--results ${results} is the file of charges itself`);
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test.each([
    ["charge-file - --results usage.csv < usage.csv", "is the file of charges itself"],
    ["charge-file usage.csv >> usage.csv", "Standard output goes into the file of charges itself"],
    ["charge-file - < usage.csv >> usage.csv", "Standard output goes into the file of charges"],
  ])("cannot go there by redirection: %s", async (line, message) => {
    const { admin, env } = await openShop();
    const { directory } = await temporaryFile("usage.csv", CSV);
    const { exitCode, stderr } = await cli.shell(`npx usage-billing ${line}`, { env, directory });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test.each([
    ["text", "Dear diary\n"],
    ["other JSON", '{"key":"event-1"}\n'],
  ])("cannot go into a file with %s", async (_, content) => {
    const { admin, env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "other");
    await writeFile(results, content);
    const args = ["charge-file", path, "--results", results];
    const { exitCode, stderr } = await cli.run(args, { env });
    expect(stderr).toContain(
      `--results ${results} contains something other than results in line 1`,
    );
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("do not skip what was charged to a test subscription with --live", async () => {
    const { admin, env } = await openShop();
    const { path, directory } = await temporaryFile("usage.csv", CSV);
    const results = join(directory, "results.jsonl");
    const charged = { outcome: "charged", amount: "1.0", currencyCode: "USD", shop: SHOP };
    const { USAGE_BILLING_ENDPOINT: origin } = env;
    await writeFile(
      results,
      ["event-1", "event-2"]
        .map((idempotencyKey, index) =>
          JSON.stringify({
            line: index + 2,
            idempotencyKey,
            ...charged,
            test: index === 0,
            origin,
          }),
        )
        .join("\n")
        .concat("\n"),
    );
    const args = ["charge-file", path, "--results", results];
    const live = await cli.run([...args, "--live"], { env });
    expect(live.stdout).toMatch(/charged {4}1 {2}1\.00 USD\n {2}skipped {4}1/);
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["event-1"]);
  });
});

describe("a file that can be read only once", () => {
  test("is refused if it is a named pipe, with the way that works", async () => {
    const { env } = await openShop();
    const { directory } = await temporaryFile("usage.csv", CSV);
    await promisify(execFile)("mkfifo", [join(directory, "pipe")]);
    const { exitCode, stderr } = await cli.run(["charge-file", "pipe"], { env, directory });
    expect(stderr).toBe(
      "Error: pipe is a named pipe\nGive - to read it from standard input: npx usage-billing charge-file - < pipe\n",
    );
    expect(exitCode).toBe(2);
    const works = "cat usage.csv > pipe & npx usage-billing charge-file - < pipe";
    expect((await cli.shell(works, { env, directory })).exitCode).toBe(0);
  });

  test.each([
    ["a directory", "folder", "folder is a directory, not a file"],
    ["a device", "/dev/null", "/dev/null is not a regular file"],
  ])("is refused if it is %s", async (_, path, message) => {
    const { directory } = await temporaryFile("usage.csv", CSV);
    await mkdir(join(directory, "folder"));
    const { exitCode, stderr } = await cli.run(["charge-file", path, "--dry-run"], { directory });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

describe("keys", () => {
  test("that another charge has are not sent, however far behind", async () => {
    const { admin, env } = await openShop();
    const count = 10_500;
    const keys = Array.from({ length: count }, (_, index) => `event-${index + 1}`);
    const rows = keys.map((key) => `${key},1000 emails,0.01\n`).join("");
    const { path, directory } = await temporaryFile(
      "usage.csv",
      `${HEADER}${rows}event-1,1000 emails,0.02\n`,
    );
    // The other rows were charged before, which takes an afternoon.
    const results = join(directory, "results.jsonl");
    const charged = { outcome: "charged", amount: "0.01", currencyCode: "USD", shop: SHOP };
    const { USAGE_BILLING_ENDPOINT: origin } = env;
    const lines = keys.map((idempotencyKey, index) =>
      JSON.stringify({ line: index + 2, idempotencyKey, ...charged, origin }),
    );
    await writeFile(results, `${lines.join("\n")}\n`);
    const args = ["charge-file", path, "--results", results, "--skip-invalid"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(stderr).toContain('"event-1" was used in line 2 for another charge');
    expect(stdout).toMatch(/invalid +1 {2}not sent\n {2}skipped +10500/);
    expect(exitCode).toBe(1);
    const sent = admin.requests.flatMap(({ rootFields }) => rootFields);
    expect(sent).not.toContain("appUsageRecordCreate");
  });

  test("that another charge has are not sent from standard input either", async () => {
    const { admin, env } = await openShop();
    const input = `${CSV}event-1,1000 emails,2.00\nevent-1,1000 emails,1.00\n`;
    const { exitCode, stdout } = await cli.run(["charge-file", "-"], { env, input });
    expect(jsonLines(stdout).filter(({ outcome }) => outcome === "invalid")).toMatchObject([
      { line: 4, message: expect.stringContaining("was used in line 2") },
    ]);
    expect(exitCode).toBe(1);
    expect(admin.ledger).toHaveLength(2);
  });
});

describe("columns", () => {
  const OWN = "id,text,total\nevt_100,1000 emails,1.00\nevt_101,1000 emails,1.00\n";

  test("can be named with --map", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", OWN);
    const map = ["id=idempotencyKey", "text=description", "total=amount"];
    const args = ["charge-file", path, ...map.flatMap((pair) => ["--map", pair])];
    const { exitCode, stderr } = await cli.run(args, { env });
    expect(stderr).not.toContain("Using column");
    expect(exitCode).toBe(0);
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual([
      "evt_100",
      "evt_101",
    ]);
  });

  test("a unique id is taken for the key, and that is said", async () => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile(
      "usage.csv",
      "id,description,amount\nevt_100,a,1\nevt_101,a,1\n",
    );
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain(
      'Using column "id" as idempotencyKey, as --map id=idempotencyKey would: its values are unique.',
    );
    expect(exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(2);
  });

  test.each([
    ["repeat", "id,description,amount\nevt_100,a,1\nevt_100,a,1\n", "its values repeat"],
    [
      "are another charge's",
      "id,description,amount\nevt_100,a,1\nevt_100,b,1\n",
      "rows are invalid with it",
    ],
    ["are mere numbers", "id,description,amount\n1,a,1\n2,a,1\n", "its values may be row numbers"],
  ])("an id is not taken for the key if its values %s", async (_, content, why) => {
    const { admin, env } = await openShop();
    const { path } = await temporaryFile("usage.csv", content);
    const { exitCode, stderr } = await cli.run(["charge-file", path], { env });
    expect(stderr).toContain(why);
    expect(stderr).toContain("give --map id=idempotencyKey");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test("from standard input are not guessed", async () => {
    const { admin, env } = await openShop();
    const input = "id,description,amount\nevt_100,a,1\n";
    const { exitCode, stderr } = await cli.run(["charge-file", "-"], { env, input });
    expect(stderr).toContain(
      'idempotencyKey is missing; if "id" is that column, give --map "id=idempotencyKey"',
    );
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);
  });

  test.each([
    ["id", "Expected COLUMN=FIELD"],
    ["id=key", "Expected COLUMN=FIELD"],
    ["uid=idempotencyKey", '"uid", which --map names, is missing'],
  ])("are refused with --map %s", async (map, message) => {
    const { env } = await openShop();
    const { path } = await temporaryFile("usage.csv", "id,description,amount\nevt_100,a,1\n");
    const { exitCode, stderr } = await cli.run(["charge-file", path, "--map", map], { env });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
