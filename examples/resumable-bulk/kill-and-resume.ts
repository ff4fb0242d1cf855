/**
 * Shows on the simulator what `resumable-bulk.ts` promises: kills it again and again with SIGKILL,
 * starts it on the same file each time, and prints what was really charged.
 *
 *   npx tsx examples/resumable-bulk/kill-and-resume.ts
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAdminSimulator } from "shopify-usage-billing/testing";

const CHARGES = 400;
const KILL_AFTER = [90, 170, 300];

const bucket = { maximumAvailable: 2_000, restoreRate: 2_000 };
const admin = createAdminSimulator({ bucket });
const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_simulated" });
shop.createSubscription({
  cappedAmount: { amount: "1000.00", currencyCode: "USD" },
  status: "ACTIVE",
});
// Charges take a while, and some of their answers are lost.
admin.faults.latency({ min: 10, max: 60 });
admin.faults.rate({ lostAfter: 0.1 }, "mutations");

const folder = mkdtempSync(join(tmpdir(), "resumable-bulk-"));
const file = join(folder, "charges.jsonl");
const lines = Array.from({ length: CHARGES }, (_, index) =>
  JSON.stringify({
    idempotencyKey: `email-batch-${index}`,
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
  }),
);
writeFileSync(file, `${lines.join("\n")}\n`);

const { endpoint, close } = await admin.listen();
const program = fileURLToPath(new URL("resumable-bulk.ts", import.meta.url));

/** Runs the program, and kills it once so many charges were made; how it ended. */
async function run(killAfter: number | null): Promise<string> {
  const child = spawn(process.execPath, [...process.execArgv, program, file], {
    env: {
      ...process.env,
      SHOP: shop.domain,
      ACCESS_TOKEN: "shpat_simulated",
      ENDPOINT: endpoint("2026-10"),
    },
    stdio: ["ignore", "inherit", "ignore"],
  });
  const stop = admin.on("usageRecord", () => {
    if (killAfter !== null && admin.ledger.length >= killAfter) child.kill("SIGKILL");
  });
  const [code, signal]: unknown[] = await once(child, "exit");
  stop();
  return signal === null ? `ended with ${String(code)}` : `was killed by ${String(signal)}`;
}

try {
  for (const killAfter of [...KILL_AFTER, null]) {
    const end = await run(killAfter);
    console.log(`The program ${end}; ${admin.ledger.length} charges are in the ledger.`);
  }
  const keys = new Set(admin.ledger.map(({ idempotencyKey }) => idempotencyKey));
  const requests = admin.ledger.reduce((sum, { attempts }) => sum + attempts.length, 0);
  console.log(
    `${CHARGES} charges in the file, ${keys.size} keys in the ledger, ` +
      `${admin.ledger.length - keys.size} charged twice, by ${requests} requests.`,
  );
  if (keys.size !== CHARGES || admin.ledger.length !== CHARGES) process.exitCode = 1;
} finally {
  await close();
  rmSync(folder, { recursive: true });
}
