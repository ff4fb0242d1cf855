import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { cliUnderTest, jsonLines, openShop } from "../cli-under-test.js";

const cli = cliUnderTest();

async function openShopWithUsage(): ReturnType<typeof openShop> {
  const opened = await openShop();
  opened.shop.addUsageRecords([
    {
      price: "1.00",
      description: "1000 emails",
      idempotencyKey: "a",
      createdAt: "2026-01-01T10:00:00Z",
    },
    { price: "2.50", description: 'say "hi", you', createdAt: "2026-01-02T10:00:00Z" },
    {
      price: "3.00",
      description: "\u001b[31mred\u001b[0m\nnew line",
      createdAt: "2026-01-03T10:00:00Z",
    },
  ]);
  return opened;
}

describe("usage records", () => {
  test("are a table, with their sum on standard error", async () => {
    const { env } = await openShopWithUsage();
    const { exitCode, stdout, stderr } = await cli.run(["list"], { env });
    expect(stdout.replaceAll(/\d{10}$/gm, "0000000000")).toBe(
      `CREATED (UTC)           PRICE  DESCRIPTION            KEY  RECORD
2026-01-01 10:00:00  1.00 USD  1000 emails            a    0000000000
2026-01-02 10:00:00  2.50 USD  say "hi", you          –    0000000000
2026-01-03 10:00:00  3.00 USD   [31mred [0m new line  –    0000000000
`,
    );
    expect(stderr).toBe("3 usage records, 6.50 USD\n");
    expect(exitCode).toBe(0);
  });

  test("are JSON lines with --json", async () => {
    const { env } = await openShopWithUsage();
    const { stdout, stderr } = await cli.run(["list", "--json"], { env });
    expect(jsonLines(stdout)).toMatchObject([
      { description: "1000 emails", price: { amount: "1.0" }, idempotencyKey: "a" },
      { description: 'say "hi", you', idempotencyKey: null },
      { description: "\u001b[31mred\u001b[0m\nnew line", createdAt: "2026-01-03T10:00:00Z" },
    ]);
    expect(stderr).toBe("");
  });

  test("are CSV that reads back with --csv", async () => {
    const { env } = await openShopWithUsage();
    const { stdout } = await cli.run(["list", "--csv"], { env });
    expect(parse(stdout, { columns: true })).toMatchObject([
      { amount: "1.0", currencyCode: "USD", description: "1000 emails", idempotencyKey: "a" },
      { amount: "2.5", description: 'say "hi", you', idempotencyKey: "" },
      { amount: "3.0", description: "\u001b[31mred\u001b[0m\nnew line" },
    ]);
  });

  test("can be the newest, up to a limit", async () => {
    const { env } = await openShopWithUsage();
    const { stdout } = await cli.run(["list", "--newest", "--limit", "2", "--json"], { env });
    expect(jsonLines(stdout).map(({ createdAt }) => createdAt)).toEqual([
      "2026-01-03T10:00:00Z",
      "2026-01-02T10:00:00Z",
    ]);
  });

  test.each([[[]], [["--newest"]]])("can be those of a span of time %s", async (order) => {
    const { env } = await openShopWithUsage();
    const args = ["list", "--since", "2026-01-02", "--until", "2026-01-03", "--json", ...order];
    const { stdout } = await cli.run(args, { env });
    expect(jsonLines(stdout).map(({ createdAt }) => createdAt)).toEqual(["2026-01-02T10:00:00Z"]);
  });

  test("can be those of an ended subscription, by its number", async () => {
    const { shop, env } = await openShopWithUsage();
    const number = shop.activeSubscription?.id.split("/").at(-1) ?? "";
    shop.cancel(shop.activeSubscription?.id ?? "");
    const gone = await cli.run(["list"], { env });
    expect(gone.stderr).toMatch(/^Error: .*active/);
    expect(gone.exitCode).toBe(1);
    const { stdout } = await cli.run(["list", "--subscription", number, "--json"], { env });
    expect(jsonLines(stdout)).toHaveLength(3);
  });

  test("come page by page", async () => {
    const { admin, shop, env } = await openShop({ cap: "10000" });
    const records = Array.from({ length: 600 }, (_, index) => ({
      price: "1",
      description: `n ${index}`,
    }));
    shop.addUsageRecords(records);
    const { stdout } = await cli.run(["list", "--page-size", "200"], { env });
    expect(stdout.trim().split("\n")).toHaveLength(601);
    expect(
      admin.requests.filter(({ operationName }) => operationName === "UsageRecords"),
    ).toHaveLength(3);
  });

  test("are no longer requested when the reader has gone", async () => {
    const { admin, shop, env } = await openShop({ cap: "100000" });
    const description = "x".repeat(500);
    shop.addUsageRecords(Array.from({ length: 5000 }, () => ({ price: "1", description })));
    const running = cli.start(["list", "--json", "--page-size", "50"], { env });
    running.process.stdout.once("data", () => running.process.stdout.destroy());
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toBe("");
    expect(exitCode).toBe(141);
    expect(admin.requests.length).toBeLessThan(50);
  });

  test.each([
    [["--since", "yesterday"], "Expected a day such as 2026-01-31"],
    [["--csv", "--json"], "option '--csv' cannot be used with option '--json'"],
    [["--page-size", "500"], /--page-size .*500/],
    [["--subscription", "x"], /--subscription .*"x"/],
    [["--subscription", "1", "--line-item", "2"], "cannot be used with"],
    [["extra"], "too many arguments"],
  ])("are refused with %s", async (args, message) => {
    const { env } = await openShop();
    const { exitCode, stdout, stderr } = await cli.run(["list", ...args], { env });
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });
});
