import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import {
  changedAnswers,
  cliUnderTest,
  openShop,
  SHOP,
  temporaryFile,
  TOKEN,
} from "../cli-under-test.js";
import { stableVersion } from "../../../../test/stable-version.js";

const cli = cliUnderTest();
const CHARGE = ["charge", "--amount", "1.00", "--description", "1000 emails"];

describe("a charge", () => {
  test("prints what was charged and how much of the cap is used", async () => {
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

  test("prints the whole result with --json", async () => {
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

  test("is made once, however often the command runs with its key", async () => {
    const { admin, env } = await openShop();
    const first = await cli.run([...CHARGE, "--key", "event-1", "--json"], { env });
    const second = await cli.run([...CHARGE, "--key", "event-1", "--json"], { env });
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout).usageRecord).toEqual(JSON.parse(first.stdout).usageRecord);
    expect(admin.ledger).toHaveLength(1);
  });

  test("uses the subscription's currency, and says if it is a test one", async () => {
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
  test("1: Shopify refused; its words, a code and what to do are printed", async () => {
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

  test("1: the user errors are on standard output with --json", async () => {
    const { env } = await openShop({ cap: "0.50" });
    const { exitCode, stdout } = await cli.run([...CHARGE, "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      certainty: "notApplied",
      userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
    });
    expect(exitCode).toBe(1);
  });

  test("1: Shopify did not accept the token", async () => {
    const { env } = await openShop();
    const wrong = { ...env, USAGE_BILLING_ACCESS_TOKEN: "shpat_wrong" };
    const { exitCode, stderr } = await cli.run(CHARGE, { env: wrong });
    expect(stderr).toContain("401");
    expect(stderr).toContain("Check that the token belongs to this app");
    expect(stderr).not.toContain("shpat_wrong");
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(1);
  });

  test.each([
    [["--amount", "abc"], /--amount .*"abc"/],
    [["--amount", "0"], /--amount .*"0"/],
    [["--currency", "usd"], /--currency .*"usd"/],
    [["--description", " "], /--description /],
    [["--key", ""], /--key /],
    [["--line-item", "7"], /--line-item .*"7"/],
    [["--attempts", "many"], /argument 'many' is invalid/],
    [["--attempts", "0"], /--attempts .*0/],
    [["--timeout", "0"], /argument '0' is invalid/],
  ])("2: the input is wrong, %s", async (args, message) => {
    const { admin, env } = await openShop();
    const { exitCode, stdout, stderr } = await cli.run([...CHARGE, ...args], { env });
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
    expect(admin.requests).toHaveLength(0);
  });

  test.each(["--shop", "--endpoint", "--api-version", "--line-item", "--amount", "--subscription"])(
    "2: a token was given as %s, and is not printed",
    async (option) => {
      const { env } = await openShop();
      const token = "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";
      const { exitCode, stdout, stderr } = await cli.run(
        [...CHARGE, "--json", "--debug", option, token],
        { env },
      );
      expect(stderr).toContain("Error:");
      expect(stdout + stderr).not.toContain(token);
      expect(exitCode).toBe(2);
    },
  );

  test("2: the shop is not a shop", async () => {
    const { env } = await openShop();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--shop", "example.com"], { env });
    expect(stderr).toMatch(/^Error: --shop /);
    expect(exitCode).toBe(2);
  });

  test("3: the merchant may have been charged; the same key settles it", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("lostAfter", 1, "mutations");
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(exitCode).toBe(3);
    const [, key = ""] = /Run it again with --key (\S+):/.exec(stderr) ?? [];
    expect(stderr).toMatch(/^Error: /);
    expect(stderr).toContain("The merchant may have been charged.");
    expect(admin.ledger).toHaveLength(1);

    const again = await cli.run([...CHARGE, "--key", key], { env });
    expect(again.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(1);
  });

  test("3: the error is on standard output with --json", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("lostAfter", 1, "mutations");
    const args = [...CHARGE, "--attempts", "1", "--key", "event-1", "--json"];
    const { exitCode, stdout } = await cli.run(args, { env });
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      error: {
        name: "NetworkError",
        message: expect.any(String),
        certainty: "unknown",
        retryable: true,
        retryAfter: null,
        idempotencyKey: "event-1",
        attempts: 1,
        requestId: null,
        status: null,
      },
    });
    expect(exitCode).toBe(3);
  });

  test("4: nothing was charged; running it again later may help", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("tooManyRequests", 1, "mutations");
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(stderr).toContain("Nothing was charged by this call.");
    expect(stderr).toMatch(/Run it again in \d+ s\./);
    expect(exitCode).toBe(4);
    expect(admin.ledger).toHaveLength(0);
  });

  test("4: nothing listens there", async () => {
    const { listener, env } = await openShop();
    await listener.close();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--attempts", "1"], { env });
    expect(stderr).toContain("Check the connection");
    expect(exitCode).toBe(4);
  });

  test("130: Ctrl-C before the charge was sent", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(1000);
    const running = cli.start(CHARGE, { env });
    await expect.poll(() => admin.clock.waiting).toBe(1);
    running.process.kill("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toMatch(/^Error: .*aborted/);
    expect(exitCode).toBe(130);
  });

  test("3: Ctrl-C while the charge is under way", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const running = cli.start([...CHARGE, "--key", "event-1"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(1);
    running.process.kill("SIGINT");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toContain("The merchant may have been charged. Run it again with --key event-1");
    expect(exitCode).toBe(3);
  });
});

describe("care with real charges", () => {
  test("requires --yes for a real charge in a pipe", async () => {
    const { admin, realEnv: env } = await openShop();
    const { exitCode, stderr } = await cli.run(CHARGE, { env });
    expect(stderr).toContain("This would bill a merchant, and there is no terminal to confirm it");
    expect(stderr).toContain("Give --yes");
    expect(exitCode).toBe(2);
    expect(admin.ledger).toHaveLength(0);

    const yes = await cli.run([...CHARGE, "--yes"], { env });
    expect(yes.exitCode).toBe(0);
    expect(admin.ledger).toHaveLength(1);
  });

  test("charges a test subscription without asking", async () => {
    const { admin, realEnv: env } = await openShop({ test: true });
    const { exitCode } = await cli.run(CHARGE, { env });
    expect(exitCode).toBe(0);
    expect(admin.ledger[0]).toMatchObject({ test: true });
  });

  test("looks up only the line item with --yes and --currency", async () => {
    const { admin, realEnv: env } = await openShop();
    await cli.run([...CHARGE, "--yes", "--currency", "USD"], { env });
    expect(admin.requests.map(({ rootFields }) => rootFields[0])).toEqual([
      "currentAppInstallation",
      "appUsageRecordCreate",
    ]);
  });
});

describe("the access token", () => {
  test("is in no output, not even if the server echoes it with --debug", async () => {
    const { admin, env } = await openShop();
    admin.faults.next("echo", 2);
    const args = [...CHARGE, "--debug", "--attempts", "1", "--json"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("ServerError");
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  test("can be an argument, with a warning", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN, ...without } = env;
    const args = [...CHARGE, "--access-token", USAGE_BILLING_ACCESS_TOKEN ?? ""];
    const { exitCode, stdout, stderr } = await cli.run(args, { env: without });
    expect(stderr).toMatch(/^Warning: --access-token ends up in the shell's history/);
    expect(stdout + stderr).not.toContain(TOKEN);
    expect(exitCode).toBe(0);
  });

  test("can come from standard input", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN: _, ...without } = env;
    const args = [...CHARGE, "--access-token-stdin"];
    const { exitCode, stderr } = await cli.run(args, { env: without, input: `${TOKEN}\n` });
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("is not repeated after a misspelt option", async () => {
    const { exitCode, stderr } = await cli.run([...CHARGE, `--acess-token=${TOKEN}`]);
    expect(stderr).toContain("unknown option '--acess-token'");
    expect(stderr).not.toContain(TOKEN);
    expect(exitCode).toBe(2);
  });

  test("is asked for if it is missing", async () => {
    const { exitCode, stderr } = await cli.run([...CHARGE, "--shop", SHOP]);
    expect(stderr).toContain("Error: The access token is missing\nSet USAGE_BILLING_ACCESS_TOKEN");
    expect(exitCode).toBe(2);
  });

  test("is not sent where a .env file says, unless the file has the token, too", async () => {
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
  test("come from options, the environment, then a .env file", async () => {
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

  test("come from another file with --dotenv", async () => {
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

  test("take the API version from the endpoint", async () => {
    const { admin, listener, env } = await openShop();
    await cli.run(CHARGE, {
      env: { ...env, USAGE_BILLING_ENDPOINT: listener.endpoint(stableVersion(1)) },
    });
    expect(admin.requests.at(-1)).toMatchObject({ apiVersion: stableVersion(1) });
  });

  test("warn if another API version answers", async () => {
    const { env } = await openShop({ supportedVersions: [stableVersion(1), stableVersion(2)] });
    const { exitCode, stderr } = await cli.run([...CHARGE, "--api-version", "2025-01"], { env });
    expect(stderr).toContain(
      `Warning: Shopify served API version ${stableVersion(1)}, not 2025-01`,
    );
    expect(exitCode).toBe(0);
  });

  test("refuse an unknown API version and list the known ones", async () => {
    const { env } = await openShop();
    const { exitCode, stderr } = await cli.run([...CHARGE, "--api-version", "2020-01"], { env });
    expect(stderr).toContain('Unknown API version "2020-01"\nExpected one of 2025-01, ');
    expect(exitCode).toBe(2);
  });
});

describe("an outcome that needs a person", () => {
  /** What is printed below the error: whether it charged, and the one thing to do. */
  const instructionsIn = (stderr: string): readonly string[] =>
    stderr
      .trimEnd()
      .split("\n")
      .filter((line) => !/^(Error|Warning|Request id)/.test(line));

  test("5: the key belongs to another charge", async () => {
    const { admin, env } = await openShop();
    await cli.run([...CHARGE, "--key", "event-1"], { env });
    const { exitCode, stderr } = await cli.run(
      ["charge", "--amount", "2.00", "--description", "2000 emails", "--key", "event-1"],
      { env },
    );
    expect(exitCode).toBe(5);
    expect(stderr).toContain('"event-1"');
    expect(instructionsIn(stderr)).toHaveLength(1);
    expect(instructionsIn(stderr)[0]).toContain("`npx usage-billing list --newest`");
    expect(stderr).not.toMatch(/again with --key|another key/);
    expect(admin.ledger).toHaveLength(1);
  });

  test("6: it may have charged, and running it again cannot settle it", async () => {
    const opened = await openShop();
    const env = await changedAnswers(opened, (answer) =>
      answer.includes("appUsageRecordCreate")
        ? '{"data":{"appUsageRecordCreate":null},"errors":[{"message":"Not found","extensions":{"code":"RESOURCE_NOT_FOUND"},"path":["appUsageRecordCreate"]}]}'
        : answer,
    );
    const { exitCode, stderr } = await cli.run([...CHARGE, "--key", "event-1"], { env });
    expect(instructionsIn(stderr)).toEqual([
      "The merchant may have been charged. Running it again cannot settle it: look for the charge with `npx usage-billing list --newest`.",
    ]);
    expect(exitCode).toBe(6);
  });

  test("7: the record has another price, and both are shown", async () => {
    const opened = await openShop({ cap: "5000" });
    const env = await changedAnswers(opened, (answer) =>
      answer.replace(/"price":\{"amount":"1\.3\d*"/, '"price":{"amount":"1345.0"'),
    );
    const args = ["charge", "--amount", "1.345", "--description", "1345 emails"];
    const { exitCode, stdout, stderr } = await cli.run(args, { env });
    expect(stderr).toMatch(/^Warning: .*1345\.0 USD.*1\.345/);
    expect(stderr).toContain("compare them with `npx usage-billing list --newest`");
    expect(stdout).toContain("Charged 1345.00 USD");
    expect(exitCode).toBe(7);
    const json = await cli.run([...args, "--json"], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      meta: { warnings: [{ source: "usageRecord" }] },
    });
    expect(json.exitCode).toBe(7);
  });

  test("70: a bug, also one that nothing catches", async () => {
    const { env } = await openShop();
    const { path } = await temporaryFile(
      "bug.mjs",
      "globalThis.fetch = () => new Promise(() => setTimeout(() => { throw new Error('Oops'); }));",
    );
    const { exitCode, stderr } = await cli.run(CHARGE, {
      env: { ...env, NODE_OPTIONS: `--import ${pathToFileURL(path).href}` },
    });
    expect(stderr).toContain("Error: Oops\nThis is a bug in usage-billing. Please report it");
    expect(exitCode).toBe(70);
  });

  test("3: Ctrl-C twice while the charge is under way, with the key to go on with", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const running = cli.start(CHARGE, { env });
    await expect.poll(() => admin.clock.waiting, { timeout: 20_000 }).toBe(1);
    running.process.kill("SIGINT");
    running.process.kill("SIGINT");
    running.process.kill("SIGTERM");
    const { exitCode, stderr } = await running.ended;
    expect(stderr).toMatch(/The merchant may have been charged\. Run it again with --key \S+:/);
    expect(exitCode).toBe(3);
  });
});
