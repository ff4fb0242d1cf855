import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cliUnderTest, openShop, SHOP, temporaryFile, TOKEN } from "./cli-under-test.js";
import { noTerminal, runAtTerminal } from "./terminal-under-test.js";

const cli = cliUnderTest();
const CHARGE = ["charge", "--amount", "1.00", "--description", "1000 emails"];
const RED = "\u001b[31m";
const GREEN = "\u001b[32m";
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

function csv(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `event-${index + 1},1000 emails,0.01`);
  return ["idempotencyKey,description,amount", ...lines, ""].join("\n");
}

describe.skipIf(noTerminal !== null)(`at a terminal${noTerminal ? ` (${noTerminal})` : ""}`, () => {
  test("makes a real charge after a yes", async () => {
    const { admin, realEnv: env } = await openShop();
    const run = runAtTerminal(cli, CHARGE, { env });
    await run.shows(
      "Charge 1.00 USD to example.myshopify.com for “1000 emails”? The merchant will be billed. [y/N]",
    );
    run.type("y\r");
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Charged 1.00 USD to example.myshopify.com");
    expect(run.raw()).toContain(`${GREEN}Charged`);
    expect(admin.ledger).toHaveLength(1);
  });

  test.each([
    ["no", "n\r", 1, "Not confirmed. Nothing was charged"],
    ["Enter alone", "\r", 1, "Not confirmed. Nothing was charged"],
    ["Ctrl-C", "\u0003", 130, "Interrupted. Nothing was charged"],
    ["Ctrl-D", "\u0004", 130, "Interrupted. Nothing was charged"],
  ])("makes none after %s", async (_, keys, exitCode, message) => {
    const { admin, realEnv: env } = await openShop();
    const run = runAtTerminal(cli, CHARGE, { env });
    await run.shows("[y/N]");
    run.type(keys);
    expect(await run.ended).toBe(exitCode);
    expect(run.text()).toContain(message);
    expect(admin.ledger).toHaveLength(0);
  });

  test("asks nothing with --yes or for the simulator", async () => {
    const { realEnv, env } = await openShop();
    const real = runAtTerminal(cli, [...CHARGE, "--yes"], { env: realEnv });
    expect(await real.ended).toBe(0);
    const simulated = runAtTerminal(cli, CHARGE, { env });
    expect(await simulated.ended).toBe(0);
    expect(real.text() + simulated.text()).not.toContain("[y/N]");
  });

  test("asks for the access token and hides it", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN: _, ...without } = env;
    const run = runAtTerminal(cli, ["balance"], { env: without });
    await run.shows(`Access token for ${SHOP} (hidden):`);
    run.type(`${TOKEN}x\u007f\r`);
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Pro plan");
    expect(run.raw()).not.toContain(TOKEN.slice(0, 12));
    expect(run.text()).not.toContain("Warning");
  });

  test("does not show a token that was given as the shop, also not in the question", async () => {
    const run = runAtTerminal(cli, ["balance", "--shop", TOKEN]);
    await run.shows("Access token for [redacted] (hidden):");
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    expect(run.raw()).not.toContain(TOKEN);
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ])("ends the question for the token at %s", async (_, key) => {
    const run = runAtTerminal(cli, ["balance", "--shop", "example"]);
    await run.shows("(hidden)");
    run.type(`shpat_half${key}`);
    expect(await run.ended).toBe(130);
    expect(run.raw()).not.toContain("shpat");
  });

  test("shows a bar, then only the summary, and gives the cursor back", async () => {
    const { admin, env } = await openShop({ clock: "manual", cap: "0.30" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const { path } = await temporaryFile("usage.csv", csv(40));
    const run = runAtTerminal(cli, ["charge-file", path, "--concurrency", "5"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(5);
    await run.shows(/░+ {3}0 % {2}0\/40/);
    admin.clock.advance(1000);
    await run.shows(/█+\S*░+ {2}12 % {2}5\/40/);
    await expect.poll(() => admin.clock.waiting).toBe(5);
    admin.faults.clear();
    admin.clock.advance(1000);
    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(
      /line \d+ event-\d+ refused: Total price exceeds balance remaining\n/,
    );
    expect(run.text()).toMatch(/ {2}charged {4}30 {2}0\.30 USD\n {2}refused {4}10 {2}not charged/);
    expect(run.raw()).toContain(`${RED}refused`);
    expect(run.raw().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(run.raw().lastIndexOf(HIDE_CURSOR));
    expect(run.text()).not.toContain('"outcome"');
  });

  test("answers Ctrl-C at once, and gives the cursor back after a second one", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const { path, directory } = await temporaryFile("usage.csv", csv(40));
    const args = ["charge-file", path, "--results", join(directory, "results.jsonl")];
    const run = runAtTerminal(cli, [...args, "--concurrency", "5"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(5);
    run.type("\u0003");
    await run.shows(
      "Stopping: charges under way are finished first. Press Ctrl-C again to stop at once.",
    );
    run.type("\u0003");
    expect(await run.ended).toBe(3);
    expect(run.text()).toContain("Stopped. Charges under way may have been made");
    expect(run.raw().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(run.raw().lastIndexOf(HIDE_CURSOR));
  });

  test("asks once for many real charges, with their number and sum", async () => {
    const { admin, realEnv: env } = await openShop();
    const { path } = await temporaryFile("usage.csv", csv(40));
    const run = runAtTerminal(cli, ["charge-file", path], { env });
    await run.shows(
      "Charge 40 rows, 0.40 USD in all, to example.myshopify.com? The merchant will be billed.",
    );
    run.type("yes\r");
    expect(await run.ended).toBe(0);
    expect(admin.ledger).toHaveLength(40);
  });

  test.each([
    ["as it is", {}, true],
    ["NO_COLOR", { NO_COLOR: "1" }, false],
    ["TERM=dumb", { TERM: "dumb" }, false],
  ])("colours: %s", async (_, colors, expected) => {
    const { env } = await openShop();
    const run = runAtTerminal(cli, ["balance"], { env: { ...env, ...colors } });
    await run.ended;
    expect(run.raw().includes(GREEN)).toBe(expected);
  });

  test("leaves colours out with --no-color, also from the help", async () => {
    const { env } = await openShop();
    const balance = runAtTerminal(cli, ["balance", "--no-color"], { env });
    await balance.ended;
    const help = runAtTerminal(cli, ["--no-color", "--help"]);
    await help.ended;
    // eslint-disable-next-line no-control-regex -- colours
    expect(balance.raw() + help.raw()).not.toMatch(/\u001b\[\d+m/);
  });

  test.each([40, 60, 80, 120])(
    "keeps a table of usage records within %i columns",
    async (columns) => {
      const { shop, env } = await openShop();
      shop.addUsageRecords([
        { price: "1.00", description: "a description that is a good deal longer than others" },
        {
          price: "2.00",
          description: "文字は二つ分の幅",
          idempotencyKey: "a-key-that-is-long-too-0123456789",
        },
      ]);
      const run = runAtTerminal(cli, ["list"], { env, columns });
      expect(await run.ended).toBe(0);
      const lines = run.text().trimEnd().split("\n");
      // Characters, of which some are wide: the terminal would have broken a line that is longer.
      expect(lines).toHaveLength(4);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    },
  );

  test.each([40, 60, 80, 120])(
    "keeps a table of subscriptions within %i columns",
    async (columns) => {
      const { shop, env } = await openShop({ cap: "9999.00", test: true });
      shop.addUsageRecords([{ price: "1234.50" }]);
      const run = runAtTerminal(cli, ["subscriptions"], { env, columns });
      expect(await run.ended).toBe(0);
      const lines = run.text().trimEnd().split("\n");
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines[1]).toMatch(/Pro plan.*ACTIVE test.*1234\.50 USD/);
    },
  );

  // C1 controls such as CSI, and U+061C, which turns the direction of writing.
  const HOSTILE = "Pro\u009b2J\u061cplan\u202e";
  // eslint-disable-next-line no-control-regex -- that is what they are
  const CONTROL = /[\u0080-\u009f\u061c\u202e]/;

  test.each([
    ["balance"],
    ["balance --json"],
    ["subscriptions"],
    ["subscriptions --csv"],
    ["subscriptions --json"],
    ["charge --amount 1.00 --description a\u009bb"],
    ["charge --amount 1.00 --description a\u061cb --key a\u009bb --json --debug"],
    ["list --json"],
    ["list --csv"],
    ["list"],
    ["balance --shop a\u009bb"],
    ["charge-file none\u009b.csv"],
    ["charge-file usage.csv"],
    ["charge-file usage.csv --skip-invalid"],
  ])("shows no control character of a server, a file or the command line: %s", async (line) => {
    const { shop, env } = await openShop({ subscribed: false });
    shop.createSubscription({
      name: HOSTILE,
      terms: HOSTILE,
      cappedAmount: { amount: "100", currencyCode: "USD" },
      status: "ACTIVE",
    });
    shop.addUsageRecords([{ price: "1.00", description: HOSTILE, idempotencyKey: HOSTILE }]);
    const rows = `${HOSTILE},${HOSTILE},${HOSTILE}\n${HOSTILE}1,${HOSTILE},500\n`;
    const { directory } = await temporaryFile(
      "usage.csv",
      `idempotencyKey,description,amount\n${rows}`,
    );
    const run = runAtTerminal(cli, line.split(" "), { env, directory });
    await run.ended;
    expect(run.text()).not.toBe("");
    expect(run.raw()).not.toMatch(CONTROL);
  });

  test("refuses a file that changed while the question was open", async () => {
    const { admin, realEnv: env } = await openShop();
    const { path } = await temporaryFile("usage.csv", csv(40));
    const run = runAtTerminal(cli, ["charge-file", path], { env });
    await run.shows("Charge 40 rows");
    await appendFile(path, "event-41,1000 emails,90.00\n");
    run.type("y\r");
    expect(await run.ended).toBe(4);
    expect(run.text()).toContain("changed after it was checked. Nothing was charged");
    expect(admin.ledger).toHaveLength(0);
  });
});
