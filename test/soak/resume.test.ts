import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAdminSimulator } from "shopify-usage-billing/testing";

const PROGRAM = fileURLToPath(
  new URL("../../examples/resumable-bulk/resumable-bulk.ts", import.meta.url),
);
const CHARGES = 120;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "resume-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A shop over HTTP, a file of charges, and the program that charges them. */
async function setUp() {
  const admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  shop.createSubscription({
    cappedAmount: { amount: "1000.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  admin.faults.latency({ min: 5, max: 40 });
  admin.faults.rate({ lostBefore: 0.05, lostAfter: 0.1 }, "mutations");
  const { endpoint, close } = await admin.listen();

  const file = join(folder, "charges.jsonl");
  const lines = Array.from({ length: CHARGES }, (_, index) =>
    JSON.stringify({
      idempotencyKey: `email-batch-${index}`,
      description: "1000 emails",
      price: { amount: "1.00", currencyCode: "USD" },
    }),
  );
  writeFileSync(file, lines.join("\n"));

  /** Runs the program; kills it once the ledger has so many charges. */
  const run = async (killAfter = Infinity, signal: NodeJS.Signals = "SIGKILL") => {
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, file], {
      env: {
        ...process.env,
        SHOP: shop.domain,
        ACCESS_TOKEN: "shpat_example",
        ENDPOINT: endpoint("2026-10"),
      },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    const stop = admin.on("usageRecord", () => {
      if (admin.ledger.length === killAfter) child.kill(signal);
    });
    const [code, killedBy]: unknown[] = await once(child, "close");
    stop();
    return { code, killedBy, output };
  };
  const keys = (): (string | null)[] =>
    admin.ledger.map(({ idempotencyKey }) => idempotencyKey).sort();
  const all = Array.from({ length: CHARGES }, (_, index) => `email-batch-${index}`).sort();
  return { admin, file, run, keys, all, close };
}

describe("a bulk run", { timeout: 60_000 }, () => {
  it("that is killed twice and started again charges each line once", async () => {
    const { admin, run, keys, all, close } = await setUp();
    expect(await run(30)).toMatchObject({ killedBy: "SIGKILL" });
    expect(await run(75)).toMatchObject({ killedBy: "SIGKILL" });
    expect(admin.ledger.length).toBeLessThan(CHARGES);
    expect(await run()).toMatchObject({ code: 0, killedBy: null });
    expect(keys()).toEqual(all);
    await close();
  });

  it("that lost its journal, too, charges each line once", async () => {
    const { file, run, keys, all, close } = await setUp();
    await run(60);
    expect(existsSync(`${file}.done`)).toBe(true);
    rmSync(`${file}.done`);
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toContain(`${CHARGES} charged, 0 refused`);
    expect(keys()).toEqual(all);
    await close();
  });

  it("that is interrupted ends what is under way, and goes on later", async () => {
    const { admin, file, run, keys, all, close } = await setUp();
    expect(await run(40, "SIGINT")).toMatchObject({ code: 75, killedBy: null });
    const made = admin.ledger.length;
    expect(made).toBeLessThan(80);
    // Every charge that was started has a known outcome.
    expect(readFileSync(`${file}.done`, "utf8").trim().split("\n")).toHaveLength(made);
    expect(await run()).toMatchObject({ code: 0 });
    expect(keys()).toEqual(all);
    await close();
  });
});
