import { expect, test } from "vitest";
import { cliUnderTest, openShop } from "../cli-under-test.js";

const cli = cliUnderTest();

test("shows a bar, what is left and when the period ends", async () => {
  const { shop, env } = await openShop();
  shop.addUsageRecords([{ price: "62.50" }]);
  const { exitCode, stdout, stderr } = await cli.run(["balance"], { env });
  const end = shop.activeSubscription?.currentPeriodEnd?.replace("T", " ").replace("Z", "");
  expect(stdout).toBe(`Pro plan in example.myshopify.com

  ${"█".repeat(25)}${"░".repeat(15)} 62.5 %

  used       62.50 USD of 100.00 USD
  remaining  37.50 USD
  period     ends in 30 days (${end} UTC)
  terms      Pay for what you use
`);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test("prints JSON with --json", async () => {
  const { shop, env } = await openShop({ test: true });
  shop.addUsageRecords([{ price: "62.50" }]);
  const { stdout } = await cli.run(["balance", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    shop: "example.myshopify.com",
    test: true,
    balanceUsed: { amount: "62.5", currencyCode: "USD" },
    balanceRemaining: { amount: "37.5", currencyCode: "USD" },
  });
});

test("shows a balance above the cap as it is", async () => {
  const { shop, env } = await openShop();
  shop.addUsageRecords([{ price: "120" }]);
  const { stdout } = await cli.run(["balance"], { env });
  expect(stdout).toContain(`${"█".repeat(40)} 120 %`);
  expect(stdout).toContain("remaining  -20.00 USD");
});

test("fails if there is no subscription, or none that is billed", async () => {
  const { shop, env } = await openShop({ subscribed: false });
  const none = await cli.run(["balance"], { env });
  expect(none.stderr).toContain(
    "has no active subscription with usage pricing\nList the subscriptions with `npx usage-billing",
  );
  expect(none.exitCode).toBe(1);
  shop.createSubscription({
    cappedAmount: { amount: "1", currencyCode: "USD" },
    test: true,
    status: "ACTIVE",
  });
  const live = await cli.run(["balance", "--live", "--json"], { env });
  expect(JSON.parse(live.stdout)).toMatchObject({
    ok: false,
    error: { name: "CommandFailedError" },
  });
  expect(live.exitCode).toBe(1);
});

test.each([
  ["internalErrorAfter", 4],
  ["unauthorized", 1],
  ["lostBefore", 4],
] as const)("after %s, exits with %i", async (fault, expected) => {
  const { admin, env } = await openShop();
  admin.faults.next(fault, 1);
  const { exitCode, stdout, stderr } = await cli.run(["balance", "--attempts", "1"], { env });
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^Error: /);
  expect(exitCode).toBe(expected);
});

test("counts the days left on the server's clock", async () => {
  const { env } = await openShop({ now: "2031-03-01T12:00:00Z" });
  const { stdout } = await cli.run(["balance"], { env });
  expect(stdout).toContain("period     ends in 30 days (2031-03-31 12:00:00 UTC)");
});
