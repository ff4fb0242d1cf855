import { describe, expect, test } from "vitest";
import { cliUnderTest, openShop, SHOP, temporaryFile, TOKEN } from "../cli-under-test.js";
import { stableVersion } from "../../../../test/stable-version.js";

const cli = cliUnderTest();
const CHARGE = ["charge", "--amount", "1.00", "--description", "1000 emails"];

describe("a charge", () => {
  test("tells what was charged, and what is used of the cap", async () => {
    const { admin, env } = await openShop();
    const { exitCode, stdout, stderr } = await cli.run([...CHARGE, "--key", "event-1"], { env });
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^Charged 1\.00 USD to example\.myshopify\.com\n {2}for {6}1000 emails\n {2}key {6}event-1\n {2}record {3}gid:\/\/shopify\/AppUsageRecord\/\d+, made at .* UTC\n {2}balance {2}\S+ 1 % of 100\.00 USD\n$/,
    );
    expect(exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(1);
    expect(admin.ledger[0]).toMatchObject({
      idempotencyKey: "event-1",
      description: "1000 emails",
    });
  });

  test("is the whole result by --json", async () => {
    const { env } = await openShop();
    const { exitCode, stdout } = await cli.run([...CHARGE, "--key", "event-1", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      usageRecord: { price: { amount: "1.0", currencyCode: "USD" }, idempotencyKey: "event-1" },
      meta: { idempotencyKey: "event-1", attempts: 1, test: false },
    });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  test("is made once, however often the command is run with its key", async () => {
    const { admin, env } = await openShop();
    const first = await cli.run([...CHARGE, "--key", "event-1", "--json"], { env });
    const second = await cli.run([...CHARGE, "--key", "event-1", "--json"], { env });
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout).usageRecord).toEqual(JSON.parse(first.stdout).usageRecord);
    expect(admin.ledger).toHaveLength(1);
  });

  test("goes to the subscription's currency and to a test subscription that says so", async () => {
    const { admin, shop, env } = await openShop({ subscribed: false });
    shop.createSubscription({
      cappedAmount: { amount: "50", currencyCode: "EUR" },
      test: true,
      status: "ACTIVE",
    });
    const { stdout } = await cli.run(CHARGE, { env });
    expect(stdout).toContain("Charged 1.00 EUR to example.myshopify.com (test: never billed)");
    expect(admin.ledger[0]).toMatchObject({ price: { amount: "1.0", currencyCode: "EUR" } });

    const live = await cli.run([...CHARGE, "--live"], { env });
    expect(live.stderr).toContain("no active subscription with usage pricing that is billed");
    expect(live.exitCode).toBe(1);
    expect(admin.ledger).toHaveLength(1);
  });

  test("can name its line item", async () => {
    const { admin, shop, env } = await openShop();
    const id = shop.activeSubscription?.usageLineItem?.id ?? "";
    const { exitCode } = await cli.run([...CHARGE, "--line-item", id], { env });
    expect(exitCode).toBe(0);
    expect(admin.ledger[0]).toMatchObject({ subscriptionLineItemId: id });

    const unknown = "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0";
    const other = await cli.run([...CHARGE, "--line-item", unknown], { env });
    expect(other.stderr).toContain(`has no usage line item ${unknown}`);
    expect(other.exitCode).toBe(1);
  });
});

describe("exit codes", () => {
  test("1: Shopify refused, with its words, a code and what to do", async () => {
    const { admin, env } = await openShop({ cap: "0.50" });
    const { exitCode, stdout, stderr } = await cli.run([...CHARGE, "--key", "event-1"], { env });
    expect(stdout).toBe("");
    expect(stderr).toContain(
      "Refused: Total price exceeds balance remaining CAPPED_AMOUNT_EXCEEDED",
    );
    expect(stderr).toContain("Nothing was charged by this call.");
    expect(stderr).toContain("usage-billing raise-cap");
    expect(stderr).toContain("key event-1, request ");
    expect(exitCode).toBe(1);
    expect(admin.ledger).toHaveLength(0);
  });

  test("1, with the user errors on standard output by --json", async () => {
    const { env } = await openShop({ cap: "0.50" });
    const { exitCode, stdout } = await cli.run([...CHARGE, "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      certainty: "notApplied",
      userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
    });
    expect(exitCode).toBe(1);
  });

  test("1: the token is not accepted", async () => {
    const { env } = await openShop();
    const wrong = { ...env, USAGE_BILLING_ACCESS_TOKEN: "shpat_wrong" };
    const { exitCode, stderr } = await cli.run(CHARGE, { env: wrong });
    expect(stderr).toContain("Error: Shopify did not accept the access token (401)");
    expect(stderr).toContain("Check that the token is this shop's");
    expect(stderr).not.toContain("shpat_wrong");
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(1);
  });

  test.each([
    [["--amount", "abc"], '--amount must be a decimal string such as "1.50", got "abc"'],
    [["--amount", "0"], '--amount must be above zero, got "0"'],
    [["--currency", "usd"], '--currency must be a currency code such as "USD", got "usd"'],
    [["--description", " "], "--description must be a string such as"],
    [["--key", ""], "--key must be a string such as"],
    [["--line-item", "7"], "--line-item must be an id such as"],
    [["--attempts", "many"], "argument 'many' is invalid. Give a number."],
    [["--attempts", "0"], "--attempts must be a number from 1 to 100, got 0"],
    [["--timeout", "0"], "argument '0' is invalid. Give seconds"],
  ])("2: wrong input, %s", async (args, message) => {
    const { admin, env } = await openShop();
    const { exitCode, stdout, stderr } = await cli.run([...CHARGE, ...args], { env });
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
    expect(admin.requests).toHaveLength(0);
  });

  test("2: the shop is no shop", async () => {
    const { env } = await openShop();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--shop", "example.com"], { env });
    expect(stderr).toContain("Error: --shop must be the shop's own domain");
    expect(exitCode).toBe(2);
  });

  test("3: the merchant may have been charged, and the same key settles it", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("lostAfter", 1, "mutations");
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(exitCode).toBe(3);
    const [, key = ""] = /Call again with --key (\S+):/.exec(stderr) ?? [];
    expect(stderr).toContain("Error: The connection to Shopify failed");
    expect(stderr).toContain("The merchant may have been charged.");
    expect(admin.ledger).toHaveLength(1);

    const again = await cli.run([...CHARGE, "--key", key], { env });
    expect(again.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(1);
  });

  test("3, with the error on standard output by --json", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("lostAfter", 1, "mutations");
    const args = [...CHARGE, "--attempts", "1", "--key", "event-1", "--json"];
    const { exitCode, stdout } = await cli.run(args, { env });
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: {
        name: "NetworkError",
        message: "The connection to Shopify failed: other side closed",
        certainty: "unknown",
        idempotencyKey: "event-1",
        attempts: 1,
        requestId: null,
        status: null,
      },
    });
    expect(exitCode).toBe(3);
  });

  test("4: surely not charged, and later may help", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("tooManyRequests", 1, "mutations");
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(stderr).toContain("Nothing was charged by this call.");
    expect(stderr).toMatch(/try again later in \d+ s/);
    expect(exitCode).toBe(4);
    expect(admin.ledger).toHaveLength(0);
  });

  test("4: nobody is there", async () => {
    const { listener, env } = await openShop();
    await listener.close();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(stderr).toContain("Check the connection");
    expect(exitCode).toBe(4);
  });

  test("130: Ctrl-C before anything was sent to charge", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(1000);
    const running = cli.start(CHARGE, { env });
    await expect.poll(() => admin.clock.waiting).toBe(1);
    running.process.kill("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain("Error: The call was aborted");
    expect(exitCode).toBe(130);
  });

  test("3: Ctrl-C while the charge is under way", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const running = cli.start([...CHARGE, "--key", "event-1"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(1);
    running.process.kill("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain("The merchant may have been charged. Call again with --key event-1");
    expect(exitCode).toBe(3);
  });
});

describe("care with real charges", () => {
  test("in a pipe, a real charge needs --yes", async () => {
    const { admin, realEnv: env } = await openShop();
    const { exitCode, stderr } = await cli.run(CHARGE, { env });
    expect(stderr).toContain("This would bill a merchant, and nobody can be asked");
    expect(stderr).toContain("Give --yes");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);

    const yes = await cli.run([...CHARGE, "--yes"], { env });
    expect(yes.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(1);
  });

  test("a test subscription is charged without a question", async () => {
    const { admin, realEnv: env } = await openShop({ test: true });
    const { exitCode } = await cli.run(CHARGE, { env });
    expect(exitCode).toBe(0);
    expect(admin.ledger[0]).toMatchObject({ test: true });
  });

  test("with --yes and --currency, nothing is looked up but the line item", async () => {
    const { admin, realEnv: env } = await openShop();
    await cli.run([...CHARGE, "--yes", "--currency", "USD"], { env });
    expect(admin.requests.map(({ rootFields }) => rootFields[0])).toEqual([
      "currentAppInstallation",
      "appUsageRecordCreate",
    ]);
  });
});

describe("the access token", () => {
  test("is in no output, not even where the server echoes it to --debug", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("echo", 2);
    const args = [...CHARGE, "--debug", "--attempts", "1", "--json"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("ServerError");
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  test("as an argument works, with a warning", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN, ...without } = env;
    const args = [...CHARGE, "--access-token", USAGE_BILLING_ACCESS_TOKEN ?? ""];
    const { exitCode, stdout, stderr } = await cli.run(args, { env: without });
    expect(stderr).toMatch(/^Warning: --access-token lands in the shell's history/);
    expect(stdout + stderr).not.toContain(TOKEN);
    expect(exitCode).toBe(0);
  });

  test("comes from standard input", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN: _, ...without } = env;
    const args = [...CHARGE, "--access-token-stdin"];
    const { exitCode, stderr } = await cli.run(args, { env: without, input: `${TOKEN}\n` });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("behind a misspelt option is not repeated", async () => {
    const { exitCode, stderr } = await cli.run([...CHARGE, `--acess-token=${TOKEN}`]);
    expect(stderr).toContain("unknown option '--acess-token'");
    expect(stderr).not.toContain(TOKEN);
    expect(exitCode).toBe(2);
  });

  test("missing, it is told how to give it", async () => {
    const { exitCode, stderr } = await cli.run([...CHARGE, "--shop", SHOP]);
    expect(stderr).toContain("Error: No access token\nSet USAGE_BILLING_ACCESS_TOKEN");
    expect(exitCode).toBe(2);
  });

  test("is not sent where a .env file says, unless that file has the token too", async () => {
    const { directory } = await temporaryFile(
      ".env",
      `USAGE_BILLING_SHOP=${SHOP}\nUSAGE_BILLING_ENDPOINT=https://elsewhere.example/graphql.json\n`,
    );
    const env = { USAGE_BILLING_ACCESS_TOKEN: TOKEN };
    const { exitCode, stderr } = await cli.run(CHARGE, { env, directory });
    expect(stderr).toContain("the access token does not come from that file");
    expect(exitCode).toBe(2);
  });
});

describe("settings", () => {
  test("come from a .env file, and before it from the environment and from options", async () => {
    const { admin, listener } = await openShop();
    const { directory } = await temporaryFile(
      ".env",
      `USAGE_BILLING_SHOP=example\nUSAGE_BILLING_ACCESS_TOKEN="${TOKEN}"\nUSAGE_BILLING_ENDPOINT=${listener.url}\nUSAGE_BILLING_API_VERSION=${stableVersion(1)}\n`,
    );
    const file = await cli.run([...CHARGE, "--debug"], { directory });
    expect(file.exitCode).toBe(0);
    expect(admin.requests.at(-1)).toMatchObject({ apiVersion: stableVersion(1) });

    const env = { USAGE_BILLING_API_VERSION: stableVersion(2) };
    await cli.run(CHARGE, { directory, env });
    expect(admin.requests.at(-1)).toMatchObject({ apiVersion: stableVersion(2) });

    await cli.run([...CHARGE, "--api-version", "2025-01"], { directory, env });
    expect(admin.requests.at(-1)).toMatchObject({ apiVersion: "2025-01" });
  });

  test("come from another file by --dotenv", async () => {
    const { listener } = await openShop();
    const { path } = await temporaryFile(
      "staging.env",
      `USAGE_BILLING_SHOP=example\nUSAGE_BILLING_ACCESS_TOKEN=${TOKEN}\nUSAGE_BILLING_ENDPOINT=${listener.url}\n`,
    );
    const { exitCode } = await cli.run([...CHARGE, "--dotenv", path]);
    expect(exitCode).toBe(0);
    const missing = await cli.run([...CHARGE, "--dotenv", `${path}.none`]);
    expect(missing.stderr).toContain("cannot be read");
    expect(missing.exitCode).toBe(2);
  });

  test("an endpoint with a version needs no other", async () => {
    const { admin, listener, env } = await openShop();
    await cli.run(CHARGE, {
      env: { ...env, USAGE_BILLING_ENDPOINT: listener.endpoint(stableVersion(1)) },
    });
    expect(admin.requests.at(-1)).toMatchObject({ apiVersion: stableVersion(1) });
  });

  test("a version that answers instead is told", async () => {
    const { env } = await openShop({ supportedVersions: [stableVersion(1), stableVersion(2)] });
    const { exitCode, stderr } = await cli.run([...CHARGE, "--api-version", "2025-01"], { env });
    expect(stderr).toContain(
      `Warning: Shopify answered by API version ${stableVersion(1)}, not 2025-01`,
    );
    expect(exitCode).toBe(0);
  });

  test("an unknown version is refused with those that are known", async () => {
    const { env } = await openShop();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--api-version", "2020-01"], { env });
    expect(stderr).toContain("--api-version 2020-01 is not known\nKnown are 2025-01, ");
    expect(exitCode).toBe(2);
  });
});
