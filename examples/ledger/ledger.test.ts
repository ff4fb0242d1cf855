import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("records, kills its worker, goes on, hits the cap, raises it and reconciles, in one command", async () => {
  const program = fileURLToPath(new URL("ledger.ts", import.meta.url));
  const { stdout } = await promisify(execFile)("npx", ["--no", "tsx", program]);
  expect(stdout).toContain("10,000 uses at 0.0125 USD: 125.00 USD");
  expect(stdout).toContain("3.00 USD was charged, 2.00 USD is parked");
  expect(stdout).toContain("25 shops compared with Shopify: 0 differences");
  expect(stdout).toContain("used 125.00 = charged 125.00 + open 0.00 USD");
  expect(stdout).toContain("All as it should be.");
}, 120_000);
