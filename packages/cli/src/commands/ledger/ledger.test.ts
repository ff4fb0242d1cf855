import { expect, test } from "vitest";
import { cliUnderTest, jsonLines, openShop, SHOP, type Ended } from "../../cli-under-test.js";
import { ledgerDatabase, type LedgerDatabase } from "./ledger-database.js";

const cli = cliUnderTest();

/** A shop, and a database of the app. */
async function open(
  options: Parameters<typeof openShop>[0] & { readonly migrated?: boolean } = {},
): Promise<
  Awaited<ReturnType<typeof openShop>> &
    LedgerDatabase & { readonly run: (...args: string[]) => Promise<Ended> }
> {
  const shop = await openShop(options);
  const database = await ledgerDatabase(options);
  const env = { ...shop.env, DATABASE_URL: database.url };
  const run = async (...args: string[]): Promise<Ended> =>
    await cli.run(["ledger", ...args], { env });
  return { ...shop, ...database, run };
}

test("migrate creates the tables, again and again", async () => {
  const { run, pool } = await open({ migrated: false });
  const first = await run("migrate");
  expect(first).toMatchObject({ exitCode: 0, stderr: "" });
  expect(first.stdout).toMatch(/^The ledger's tables are up to date: migration \d+\n$/);
  const again = await run("migrate", "--json");
  expect(JSON.parse(again.stdout)).toEqual({ ok: true, migration: expect.any(Number) });
  expect((await pool.query("select from usage_ledger.uses")).rows).toEqual([]);
});

test("charge charges all that is open with --close, once, and prints it", async () => {
  const { admin, run, record } = await open();
  await record("1", "0.2525");
  await record("2", "1.00");
  const notYet = await run("charge");
  expect(notYet.exitCode).toBe(0);
  expect(notYet.stdout).toBe(`Charged nothing in ${SHOP}\n  open      1.2525 USD in all\n`);
  const { exitCode, stdout, stderr } = await run("charge", "--close");
  expect(stderr).toBe("");
  expect(stdout).toMatch(
    /^Charged 1 charge in example\.myshopify\.com\n {2}charged {3}1\.25 USD emails \S+\n {2}open {6}0\.0025 USD in all\n$/,
  );
  expect(exitCode).toBe(0);
  await run("charge", "--close");
  expect(admin.ledger.map(({ price }) => price.amount)).toEqual(["1.25"]);
});

test("charge splits at the cap, says how to go on, and goes on after resume", async () => {
  const { admin, shop, run, record } = await open({ cap: "1" });
  await record("1", "2.50");
  const { exitCode, stdout, stderr } = await run("charge", "--roll-up", "each");
  expect(stdout).toContain("Charged 1 charge in example.myshopify.com\n");
  expect(stdout).toContain("  parked    1.50 USD in all\n");
  expect(stdout).toContain("  state     capped: The capped amount is used up\n");
  expect(stderr).toContain("Raise the cap with `npx usage-billing raise-cap`");
  expect(exitCode).toBe(1);

  const status = await run("status");
  expect(status.stdout).toMatch(/^SHOP +STATE +OPEN +WAITING +CHARGED +PARKED +HELD +NEXT LOOK/);
  expect(status.stdout).toMatch(/myshopify\.com +capped +– +– +1\.00 USD +1\.50 USD +– +20/);

  shop.createSubscription({
    name: "Higher",
    cappedAmount: { amount: "100", currencyCode: "USD" },
    status: "ACTIVE",
  });
  const resumed = await run("resume");
  expect(resumed.stdout).toBe(`${SHOP} is due now\n`);
  expect(resumed.stderr).toBe("A worker charges it, or `npx usage-billing ledger charge` does.\n");
  expect((await run("charge")).exitCode).toBe(0);
  expect(admin.ledger.map(({ price }) => price.amount)).toEqual(["1.0", "1.5"]);
});

test("charge reports as JSON, with the balance", async () => {
  const { run, record } = await open();
  await record("1", "0.50");
  const { stdout, exitCode } = await run("charge", "--close", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    shop: SHOP,
    state: "ready",
    charged: 1,
    balance: { charged: "0.50", cappedAmount: "100.0", currencyCode: "USD" },
  });
  expect(exitCode).toBe(0);
});

test("charge asks before a merchant is billed, and charges nothing without an answer", async () => {
  const { admin, realEnv, url, record } = await open();
  await record("1", "0.50");
  const env = { ...realEnv, DATABASE_URL: url };
  const { exitCode, stderr } = await cli.run(["ledger", "charge", "--close"], { env });
  expect(stderr).toContain("This would bill a merchant, and there is no terminal to confirm it");
  expect(exitCode).toBe(2);
  expect(admin.ledger).toHaveLength(0);
  const yes = await cli.run(["ledger", "charge", "--close", "--yes"], { env });
  expect(yes.exitCode).toBe(0);
  expect(admin.ledger).toHaveLength(1);
});

test("charge leaves test subscriptions alone unless it gets --test", async () => {
  const { admin, run, record } = await open({ test: true });
  await record("1", "0.50");
  const { exitCode, stdout, stderr } = await run("charge", "--roll-up", "each");
  expect(stdout).toContain("state     testPlan");
  expect(stderr).toContain("Give --test to charge a test subscription.");
  expect(exitCode).toBe(1);
  expect((await run("charge", "--roll-up", "each", "--test")).exitCode).toBe(0);
  expect(admin.ledger).toHaveLength(1);
});

test("after a lost answer, charge exits with 3, and run again it charges once", async () => {
  const { admin, run, record } = await open();
  await record("1", "0.50");
  admin.faults.next("lostAfter", 1, "mutations");
  const lost = await run("charge", "--roll-up", "each", "--attempts", "1");
  expect(lost.stdout).toContain("  unknown   0.50 USD emails ");
  expect(lost.stderr).toContain("Run it again: each charge keeps its key, and is made once.");
  expect(lost.exitCode).toBe(3);
  expect((await run("charge", "--roll-up", "each")).exitCode).toBe(0);
  expect(admin.ledger).toHaveLength(1);
});

test("status shows all shops of the ledger, as a table or JSON", async () => {
  const { run, record } = await open();
  await record("1", "0.50");
  await record("1", "7.25", "second.myshopify.com");
  const { stdout } = await run("status", "--all");
  expect(stdout).toMatch(/example\.myshopify\.com +ready +0\.50 USD/);
  expect(stdout).toMatch(/second\.myshopify\.com +ready +7\.25 USD/);
  const json = await run("status", "--all", "--json");
  expect(jsonLines(json.stdout)).toMatchObject([
    { shop: "example.myshopify.com", open: "0.50", charged: "0" },
    { shop: "second.myshopify.com", open: "7.25" },
  ]);
  const unknown = await run("status", "--shop", "third");
  expect(unknown.stderr).toContain("Nothing is recorded of third.myshopify.com.");
});

test("reconcile finds what the ledger did not charge, and exits with 7", async () => {
  const { shop, run, record } = await open();
  await record("1", "0.50");
  await run("charge", "--close");
  const none = await run("reconcile");
  expect(none).toMatchObject({ exitCode: 0, stdout: "", stderr: "No difference\n" });
  shop.addUsageRecords([{ price: "3.00" }]);
  const { exitCode, stdout, stderr } = await run("reconcile");
  expect(stdout).toMatch(/at Shopify, not of this ledger +– +3\.00 USD/);
  expect(stderr).toBe("1 difference\n");
  expect(exitCode).toBe(7);
  expect(jsonLines((await run("reconcile", "--json")).stdout)).toMatchObject([{ type: "foreign" }]);
});

test.each(["status", "charge", "resume", "reconcile"])(
  "%s says how to create the tables if there are none",
  async (command) => {
    const { run } = await open({ migrated: false });
    const { exitCode, stderr } = await run(command);
    expect(stderr).toContain("The database has no usage ledger\nCreate its tables with `npx");
    expect(exitCode).toBe(1);
  },
);

test.each([
  ["port", /cannot be reached: .*refused|ECONNREFUSED/, "Check the host and the port", 4],
  [
    "pathname",
    /cannot be reached: database "nowhere" does not exist/,
    "Check the database's name",
    2,
  ],
  ["username", /cannot be reached: /, "Check the user and the password", 2],
] as const)("says what is wrong with the URL's %s", async (part, message, advice, expected) => {
  const { run, url } = await open({ migrated: false });
  const wrong = new URL(url);
  wrong[part] = { port: "1", pathname: "/nowhere", username: "stranger" }[part];
  wrong.password = "correct-horse";
  if (part === "pathname") wrong.password = new URL(url).password;
  const { exitCode, stderr } = await run("migrate", "--database-url", wrong.href, "--debug");
  expect(stderr).toMatch(message);
  expect(stderr).toContain(advice);
  expect(stderr).not.toContain("correct-horse");
  expect(exitCode).toBe(expected);
});
