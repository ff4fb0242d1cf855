/**
 * Measures how well the client uses the cost bucket of a shop: a backlog of charges, processed by
 * one process and by several on the same bucket, over real HTTP.
 *
 * The shop is one of the standard plan (2000 points, 100 restored a second, 13 a charge) with all its
 * times divided by `--speed`: restore rate and latency. The bucket stays as large as it is.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { createAdminSimulator, type Shop } from "shopify-usage-billing/testing";

/** Points, and points per second, of a shop of the standard plan. */
const STANDARD = { maximumAvailable: 2_000, restoreRate: 100 };
/** The smaller bucket that several processes share: half the points, half the rate at 20 times the speed. */
const SHARED = { maximumAvailable: 1_000, restoreRate: 50 };
/** Milliseconds that a charge takes there. */
const LATENCY = { min: 100, max: 400 };

interface Scenario {
  readonly title: string;
  readonly processes: number;
  readonly bucket: typeof STANDARD;
  /** Whether something else takes all points when half of the charges are made. */
  readonly drained: boolean;
  /** The required share of what the restore rate allows. */
  readonly required: number;
}

const SCENARIOS: readonly Scenario[] = [
  { title: "one process", processes: 1, bucket: STANDARD, drained: false, required: 0.99 },
  {
    title: "one process, bucket drained by another app",
    processes: 1,
    bucket: STANDARD,
    drained: true,
    required: 0.99,
  },
  {
    title: "four processes on one bucket",
    processes: 4,
    bucket: STANDARD,
    drained: false,
    required: 0.97,
  },
  {
    title: "four processes on a bucket of half the size",
    processes: 4,
    bucket: SHARED,
    drained: false,
    required: 0.97,
  },
];
const MOST_THROTTLED = 0.01;

interface Outcome {
  readonly seconds: number;
  /** The points used, as a share of those that the bucket had and restored meanwhile. */
  readonly efficiency: number;
  readonly answers: number;
  readonly throttled: number;
  /** The smallest and the largest share of a process in the first half of the charges. */
  readonly shares: readonly [number, number];
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
  };
}

function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

const { charges, speed } = new Command("npm run bench:pacing --")
  .description(
    "Works off a backlog of charges on the cost bucket of one shop, and prints how much of the restore rate was used.",
  )
  .option("--charges <number>", "charges of each backlog", atLeast(400), 4_000)
  .option("--speed <number>", "times as fast as a shop of the standard plan", atLeast(1), 20)
  .parse()
  .opts<{ charges: number; speed: number }>();

const running = new Set<ChildProcess>();
const table = new Table({
  head: ["backlog", "seconds", "of the restore rate", "THROTTLED", "shares at half time", ""],
  colAligns: ["left", "right", "right", "right", "right", "left"],
  style: { head: [], border: [] },
});

function addShop(
  admin: ReturnType<typeof createAdminSimulator>,
  name: string,
  bucket?: typeof STANDARD,
): Shop {
  const shop = admin.addShop({
    shop: `${name}.myshopify.com`,
    accessToken: `shpat_${name}`,
    ...(bucket && { bucket }),
  });
  shop.createSubscription({
    cappedAmount: { amount: "1000000.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  return shop;
}

async function start(endpoint: string, index: number, count: number): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("pacing/backlog-process.ts", import.meta.url));
  const child = fork(program, [endpoint, `process-${index}`, String(count)]);
  running.add(child);
  child.once("exit", () => running.delete(child));
  await once(child, "message"); // ready
  return child;
}

async function finish(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`A process ended with exit code ${String(code)} before its backlog was done`);
  });
  const done = once(child, "message");
  child.send("go");
  await Promise.race([done, ended]);
}

async function run({ title, processes, drained, ...scenario }: Scenario): Promise<Outcome> {
  const bucket = { ...scenario.bucket, restoreRate: scenario.bucket.restoreRate * speed };
  const admin = createAdminSimulator({ bucket: { maximumAvailable: 40_000, restoreRate: 20_000 } });
  addShop(admin, "warm-up");
  const shop = addShop(admin, "backlog", bucket);
  const { endpoint, close } = await admin.listen();
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} charges, {rate}/s, {eta} s left`,
    clearOnComplete: true,
    hideCursor: true,
  });
  try {
    const starting = Array.from({ length: processes }, (_, index) =>
      start(endpoint(), index, Math.ceil(charges / processes)),
    );
    const children = await Promise.all(starting);
    const total = Math.ceil(charges / processes) * processes;
    admin.faults.latency({ min: LATENCY.min / speed, max: LATENCY.max / speed });

    let from = 0;
    let made = 0;
    let answers = 0;
    let throttled = 0;
    let taken = 0;
    let charged = 0;
    const byProcess = new Map<string, number>();
    let halfway: readonly number[] = [];
    admin.on("usageRecord", ({ idempotencyKey }) => {
      made += 1;
      const process = idempotencyKey?.split("-")[1] ?? "";
      byProcess.set(process, (byProcess.get(process) ?? 0) + 1);
      if (made !== Math.floor(total / 2)) return;
      halfway = [...byProcess.values()];
      if (drained) {
        taken = shop.throttleStatus.currentlyAvailable;
        shop.drain();
      }
    });
    admin.on("request", ({ errors, duration, operationType, actualCost }) => {
      charged += actualCost ?? 0;
      // The time counts from when the first charge arrived.
      if (from === 0 && operationType === "mutation") from = performance.now() - (duration ?? 0);
      answers += 1;
      if (errors.includes("THROTTLED")) throttled += 1;
    });

    bar.start(total, 0, { rate: 0 });
    const ticks = setInterval(() => {
      const seconds = (performance.now() - from) / 1_000;
      bar.update(made, { rate: from === 0 ? 0 : Math.round(made / seconds) });
    }, 200);
    await Promise.all(children.map(finish));
    clearInterval(ticks);
    const seconds = (performance.now() - from) / 1_000;
    const given = bucket.maximumAvailable + bucket.restoreRate * seconds - taken;
    const shares = halfway.map((count) => count / Math.floor(total / 2));
    return {
      seconds,
      efficiency: charged / given,
      answers,
      throttled,
      shares: [Math.min(...shares), Math.max(...shares)],
    };
  } finally {
    bar.stop();
    await close();
  }
}

function report(): void {
  console.log(
    `Bucket of ${STANDARD.maximumAvailable} points, ${STANDARD.restoreRate * speed} restored a second, or half of both; ` +
      `13 points a charge; responses after ${LATENCY.min / speed} to ${LATENCY.max / speed} ms; ${charges} charges each.`,
  );
  console.log(table.toString());
}

process.once("SIGINT", () => {
  for (const child of running) child.kill();
  report();
  process.exit(130);
});

for (const scenario of SCENARIOS) {
  const { seconds, efficiency, answers, throttled, shares } = await run(scenario);
  const good = efficiency >= scenario.required && throttled <= answers * MOST_THROTTLED;
  if (!good) process.exitCode = 1;
  table.push([
    scenario.title,
    seconds.toFixed(1),
    percent(efficiency, 2),
    `${throttled} (${percent(throttled / answers, 2)})`,
    scenario.processes === 1 ? "" : shares.map((share) => percent(share, 0)).join(" to "),
    good
      ? "good"
      : `below ${percent(scenario.required, 0)}, or more than ${percent(MOST_THROTTLED, 0)} throttled`,
  ]);
}
report();
