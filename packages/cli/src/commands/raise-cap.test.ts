import { expect, test } from "vitest";
import { cliUnderTest, openShop } from "../cli-under-test.js";

const cli = cliUnderTest();

test("gives the page for the merchant, alone on standard output", async () => {
  const { shop, env } = await openShop();
  const { exitCode, stdout, stderr } = await cli.run(["raise-cap", "--amount", "250"], { env });
  const [approval] = shop.openApprovals;
  expect(stdout).toBe(`${approval?.confirmationUrl}\n`);
  expect(stderr).toBe(
    "The cap stays at 100.00 USD until the merchant agrees to 250.00 USD here:\n",
  );
  expect(exitCode).toBe(0);

  shop.approve(approval?.id ?? "");
  const { stdout: balance } = await cli.run(["balance"], { env });
  expect(balance).toContain("of 250.00 USD");
});

test("is JSON by --json", async () => {
  const { shop, env } = await openShop();
  const { stdout } = await cli.run(["raise-cap", "--amount", "250", "--json"], { env });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    confirmationUrl: shop.openApprovals[0]?.confirmationUrl,
  });
});

test("tells Shopify's refusal of a lower cap", async () => {
  const { env } = await openShop();
  const { exitCode, stdout, stderr } = await cli.run(["raise-cap", "--amount", "50"], { env });
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^Refused: Spending limit can only be increased.*\nThe cap is 100\.00 USD\.\n$/,
  );
  expect(exitCode).toBe(1);
});

test("is uncertain where the answer was lost, and says that asking again is safe", async () => {
  const { admin, env } = await openShop();
  admin.faults.next("lostAfter", 1, "mutations");
  const { exitCode, stderr } = await cli.run(["raise-cap", "--amount", "250"], { env });
  expect(stderr).toContain("Whether Shopify did it is unknown; to ask again is safe.");
  expect(exitCode).toBe(3);
});

test("needs an amount that is one", async () => {
  const { env } = await openShop();
  const missing = await cli.run(["raise-cap"], { env });
  expect(missing.stderr).toContain("required option '--amount <amount>' not specified");
  expect(missing.exitCode).toBe(2);
  const wrong = await cli.run(["raise-cap", "--amount", "more"], { env });
  expect(wrong.stderr).toContain('--amount must be a decimal string such as "1.50", got "more"');
  expect(wrong.exitCode).toBe(2);
});
