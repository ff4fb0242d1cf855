import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { cliUnderTest, jsonLines, openShop } from "../cli-under-test.js";

const cli = cliUnderTest();

async function openShopWithPast(): ReturnType<typeof openShop> {
  const opened = await openShop({ subscribed: false });
  const { shop } = opened;
  shop.createSubscription({
    name: "Old plan",
    number: 1,
    cappedAmount: { amount: "20", currencyCode: "USD" },
    status: "ACTIVE",
  });
  shop.createSubscription({
    name: "Pro plan",
    number: 2,
    cappedAmount: { amount: "200", currencyCode: "USD" },
    recurring: { price: { amount: "10", currencyCode: "USD" } },
    test: true,
    status: "ACTIVE",
  });
  shop.addUsageRecords([{ price: "50" }]);
  return opened;
}

test("prints a table, newest first", async () => {
  const { env } = await openShopWithPast();
  const { exitCode, stdout } = await cli.run(["subscriptions"], { env });
  const [header, pro, old] = stdout.split("\n");
  expect(header).toMatch(/^ID {2}NAME +STATUS +RECURRING +USED +CAP +PERIOD ENDS$/);
  expect(pro).toMatch(
    /^2 +Pro plan +ACTIVE test +10\.00 USD \/ 30 days +50\.00 USD +200\.00 USD +██▌░░░░░░░ 25 % +\d{4}-/,
  );
  expect(old).toMatch(/^1 +Old plan +CANCELLED +– +0\.00 USD +20\.00 USD +░{10} 0 % +–$/);
  expect(exitCode).toBe(0);
});

test("prints JSON lines or CSV, by status", async () => {
  const { env } = await openShopWithPast();
  const json = await cli.run(["subscriptions", "--status", "active", "--json"], { env });
  expect(jsonLines(json.stdout)).toMatchObject([{ name: "Pro plan", status: "ACTIVE" }]);
  const csv = await cli.run(["subscriptions", "--csv"], { env });
  expect(parse(csv.stdout, { columns: true })).toMatchObject([
    { name: "Pro plan", balanceUsed: "50.0", cappedAmount: "200.0", recurringPrice: "10.0" },
    { name: "Old plan", balanceUsed: "0.0", recurringPrice: "", test: "false" },
  ]);
});

test("succeeds if there are none", async () => {
  const { env } = await openShop({ subscribed: false });
  const { exitCode, stdout, stderr } = await cli.run(["subscriptions"], { env });
  expect(stdout).toBe("");
  expect(stderr).toBe("example.myshopify.com has no subscription of this app.\n");
  expect(exitCode).toBe(0);
});

test("refuses an unknown status", async () => {
  const { env } = await openShop();
  const { exitCode, stderr } = await cli.run(["subscriptions", "--status", "broken"], { env });
  expect(stderr).toContain('Unknown status "BROKEN"\nExpected one of ACTIVE, PENDING');
  expect(exitCode).toBe(2);
});
