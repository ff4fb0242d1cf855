import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { firstCharges } from "./first-charges.js";

describe("the main job", () => {
  it("charges, repeats, meets the cap, and shows the ledger and the balance", async () => {
    const printed: string[] = [];
    await expect(firstCharges({ print: (text) => printed.push(text) })).resolves.toBe(0);
    const text = printed.join("\n");
    expect(text).toContain("CAPPED_AMOUNT_EXCEEDED, notApplied");
    expect(text).toMatch(/2500 emails +2\.5 USD/);
    expect(text).toMatch(/█+░+ 4\.0 of 10\.0 USD \(40 %\)/);
  });

  it("ends with exit code 0 as a program, without a store", async () => {
    const program = fileURLToPath(new URL("first-charges.ts", import.meta.url));
    const { SHOP: _shop, ACCESS_TOKEN: _token, ...env } = process.env;
    const run = promisify(execFile)("npx", ["--no", "tsx", program], { env });
    await expect(run).resolves.toMatchObject({
      stdout: expect.stringContaining("All as it should be."),
    });
  }, 30_000);

  it("says in one line what is wrong with the shop", async () => {
    const program = fileURLToPath(new URL("first-charges.ts", import.meta.url));
    const env = { ...process.env, SHOP: "evil.example", ACCESS_TOKEN: "shpat_first_charges" };
    const run = promisify(execFile)("npx", ["--no", "tsx", program], { env });
    const failure: { stdout: string; code: number } = await run.then(
      () => ({ stdout: "", code: 0 }),
      (error: unknown) => Object(error),
    );
    expect(failure.code).toBe(1);
    expect(failure.stdout).toContain("shop must be the shop's own domain");
    expect(failure.stdout).not.toContain("shpat_first_charges");
  }, 30_000);
});
