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
  test("a real charge is made after a yes", async () => {
    const { admin, realEnv: env } = await openShop();
    const run = runAtTerminal(cli, CHARGE, { env });
    await run.shows(
      "Charge 1.00 USD to example.myshopify.com for “1000 emails”? The merchant is billed. [y/N]",
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
  ])("and not after %s", async (_, keys, exitCode, message) => {
    const { admin, realEnv: env } = await openShop();
    const run = runAtTerminal(cli, CHARGE, { env });
    await run.shows("[y/N]");
    run.type(keys);
    expect(await run.ended).toBe(exitCode);
    expect(run.text()).toContain(message);
    expect(admin.ledger).toHaveLength(0);
  });

  test("nothing is asked with --yes, nor for the simulator", async () => {
    const { realEnv, env } = await openShop();
    const real = runAtTerminal(cli, [...CHARGE, "--yes"], { env: realEnv });
    expect(await real.ended).toBe(0);
    const simulated = runAtTerminal(cli, CHARGE, { env });
    expect(await simulated.ended).toBe(0);
    expect(real.text() + simulated.text()).not.toContain("[y/N]");
  });

  test("the access token is asked for, and not shown while it is typed", async () => {
    const { env } = await openShop();
    const { USAGE_BILLING_ACCESS_TOKEN: _, ...without } = env;
    const run = runAtTerminal(cli, ["balance"], { env: without });
    await run.shows(`Access token for ${SHOP} (it is not shown): `);
    run.type(`${TOKEN}x\u007f\r`);
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Pro plan");
    expect(run.raw()).not.toContain(TOKEN.slice(0, 12));
    expect(run.text()).not.toContain("Warning");
  });

  test("Ctrl-C ends the question for the token", async () => {
    const run = runAtTerminal(cli, ["balance", "--shop", "example"]);
    await run.shows("it is not shown");
    run.type("shpat_half\u0003");
    expect(await run.ended).toBe(130);
    expect(run.raw()).not.toContain("shpat");
  });

  test("a run shows a bar, then the summary alone, and gives the cursor back", async () => {
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
    expect(run.text()).toMatch(
      / {2}charged {4}30 {2}0\.30 USD\n {2}refused {4}10 {2}surely not charged/,
    );
    expect(run.raw()).toContain(`${RED}refused`);
    expect(run.raw().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(run.raw().lastIndexOf(HIDE_CURSOR));
    expect(run.text()).not.toContain('"outcome"');
  });

  test("Ctrl-C is answered at once, and a second one gives the cursor back", async () => {
    const { admin, env } = await openShop({ clock: "manual" });
    admin.faults.latency(({ operationType }) => (operationType === "mutation" ? 1000 : 0));
    const { path, directory } = await temporaryFile("usage.csv", csv(40));
    const args = ["charge-file", path, "--results", join(directory, "results.jsonl")];
    const run = runAtTerminal(cli, [...args, "--concurrency", "5"], { env });
    await expect.poll(() => admin.clock.waiting).toBe(5);
    run.type("\u0003");
    await run.shows("Stopping: what is under way is finished first. Ctrl-C again ends at once.");
    run.type("\u0003");
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("Ended. What was under way may have been charged");
    expect(run.raw().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(run.raw().lastIndexOf(HIDE_CURSOR));
  });

  test("many real charges are one question, with their number and sum", async () => {
    const { admin, realEnv: env } = await openShop();
    const { path } = await temporaryFile("usage.csv", csv(40));
    const run = runAtTerminal(cli, ["charge-file", path], { env });
    await run.shows(
      "Charge 40 rows, 0.40 USD in all, to example.myshopify.com? The merchant is billed.",
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

  test("--no-color leaves them out, of help too", async () => {
    const { env } = await openShop();
    const balance = runAtTerminal(cli, ["balance", "--no-color"], { env });
    await balance.ended;
    const help = runAtTerminal(cli, ["--no-color", "--help"]);
    await help.ended;
    // eslint-disable-next-line no-control-regex -- colours
    expect(balance.raw() + help.raw()).not.toMatch(/\u001b\[\d+m/);
  });

  test.each([40, 60, 80, 120])("a table keeps to %i columns", async (columns) => {
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
  });
});
