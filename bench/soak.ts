/**
 * Charges thousands of usage records with every fault that the simulator has, over real
 * HTTP, and compares what the client reported with the ledger. Does the same with a plain retry loop
 * around `billing.createUsageRecord` of `@shopify/shopify-api`.
 */
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Replay } from "shopify-usage-billing/testing";
import { Account } from "./soak/account.js";
import { chargeWithOurClient, type Task } from "./soak/our-client.js";
import { planCharges } from "./soak/planned-charge.js";
import { printReport, type Entry } from "./soak/report.js";
import { chargeInRetryLoop } from "./soak/retry-loop.js";
import { startSoakShop } from "./soak/shop-in-process.js";
import { judge, keptItsPromises } from "./soak/verdict.js";

interface Options {
  readonly records: number;
  readonly seed: number;
  readonly faults: number;
  readonly concurrency: number;
  readonly replay: Replay;
  readonly compare: boolean;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 0.9) return value;
  throw new InvalidArgumentError("It must be a share from 0 to 0.9.");
}

const options = new Command("npm run soak --")
  .description(
    "Charges usage records while everything breaks, and lets the ledger judge: none lost, none made twice.",
  )
  .option("--records <number>", "charges to make", whole(1, 1_000_000), 20_000)
  .option("--seed <number>", "the seed of the faults", whole(0, 2 ** 31), 1)
  .option("--faults <share>", "share of requests with a fault, of all kinds equally", share, 0.3)
  .option("--concurrency <number>", "charges under way at once", whole(2, 1_000), 64)
  .addOption(
    new Option("--replay <answers>", "which responses are repeated for a repeated key")
      .choices(["successes", "all"])
      .default("successes"),
  )
  .option("--compare", "also run a retry loop around @shopify/shopify-api", true)
  .option("--no-compare", "run this package alone")
  .parse()
  .opts<Options>();

const interrupted = new AbortController();
process.once("SIGINT", () => {
  process.stderr.write("\nStopping; these are the results so far.\n");
  interrupted.abort();
  process.once("SIGINT", () => process.exit(130));
});

async function run(
  name: string,
  contend: (task: Task, account: Account) => Promise<void>,
): Promise<Entry> {
  const { records, seed, faults, replay, concurrency } = options;
  const shop = await startSoakShop({ seed, faults, replay });
  const account = new Account();
  const charges = planCharges(records, seed);
  const bar = new SingleBar({
    format: `${name} {bar} {value}/{total} settled, {rate}/s, {eta} s left`,
    clearOnComplete: true,
    hideCursor: true,
    stopOnComplete: false,
    noTTYOutput: !process.stderr.isTTY,
    notTTYSchedule: 5_000,
  });
  const from = performance.now();
  const elapsed = (): number => (performance.now() - from) / 1_000;
  bar.start(records, 0, { rate: 0 });
  const ticks = setInterval(() => {
    bar.update(account.settled.size, { rate: Math.round(account.settled.size / elapsed()) });
  }, 250);
  try {
    const task = { address: shop.address, charges, concurrency, signal: interrupted.signal };
    await contend(task, account);
    const seconds = elapsed();
    return { name, verdict: judge(charges, account, await shop.evidence()), seconds };
  } finally {
    clearInterval(ticks);
    bar.stop();
    await shop.close();
  }
}

const { records, seed, faults, replay } = options;
console.log(
  `${records} charges, ${Math.round(faults * 100)} % of requests with a fault, seed ${seed}, replay ${replay}.`,
);
const entries = [await run("shopify-usage-billing", chargeWithOurClient)];
if (options.compare && !interrupted.signal.aborted) {
  entries.push(await run("retry loop", chargeInRetryLoop));
}
console.log(printReport(entries));
const [ours] = entries;
if (ours && !keptItsPromises(ours.verdict)) {
  console.log(
    `A promise was broken. Lost: ${ours.verdict.lost.slice(0, 20).join(", ") || "none"}.`,
  );
  process.exitCode = 1;
} else if (interrupted.signal.aborted) {
  process.exitCode = 130;
}
