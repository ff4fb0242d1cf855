import { expect, test } from "vitest";
import { cliUnderTest, openShop } from "../cli-under-test.js";

const cli = cliUnderTest();

test("prints only the merchant's page on standard output", async () => {
  const { shop, env } = await openShop();
  const { exitCode, stdout, stderr } = await cli.run(["raise-cap", "--amount", "250"], { env });
  const [approval] = shop.openApprovals;
  expect(stdout).toBe(`${approval?.confirmationUrl}\n`);
  expect(stderr).toBe("The cap stays at 100.00 USD until the merchant accepts 250.00 USD here:\n");
  expect(exitCode).toBe(0);

  shop.approve(approval?.id ?? "");
  const { stdout: balance } = await cli.run(["balance"], { env });
  expect(balance).toContain("of 250.00 USD");
});

test("prints JSON with --json", async () => {
  const { shop, env } = await openShop();
  const { stdout } = await cli.run(["raise-cap", "--amount", "250", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    confirmationUrl: shop.openApprovals[0]?.confirmationUrl,
  });
});

test("shows Shopify's refusal of a lower cap", async () => {
  const { env } = await openShop();
  const { exitCode, stdout, stderr } = await cli.run(["raise-cap", "--amount", "50"], { env });
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^Refused: Spending limit can only be increased.*\nThe cap is 100\.00 USD\.\n$/,
  );
  expect(exitCode).toBe(1);
});

test("says that running it again is safe if the answer was lost", async () => {
  const { admin, env } = await openShop();
  admin.faults.next("lostAfter", 1, "mutations");
  const { exitCode, stderr } = await cli.run(["raise-cap", "--amount", "250"], { env });
  expect(stderr).toContain("Shopify may have executed the request. Running it again is safe.");
  expect(exitCode).toBe(3);
});

test("refuses a missing or malformed amount", async () => {
  const { env } = await openShop();
  const missing = await cli.run(["raise-cap"], { env });
  expect(missing.stderr).toContain("--amount is missing");
  expect(missing.exitCode).toBe(2);
  const wrong = await cli.run(["raise-cap", "--amount", "more"], { env });
  expect(wrong.stderr).toMatch(/--amount .*"more"/);
  expect(wrong.exitCode).toBe(2);
});
