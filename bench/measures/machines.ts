import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { createUsageLedger } from "shopify-usage-ledger";
import { createDatabase, startPostgres } from "../../packages/ledger/test/postgres-server.js";
import { table } from "../markdown.js";
import type { Measure } from "../section.js";

const MACHINES = 4;
const SHOPS = 50;
/** How many shops each machine charges at once: all of them together, all shops. */
const SHOPS_AT_ONCE = Math.ceil(SHOPS / MACHINES);
/** A tenth of the standard plan's, so that two processors are enough for 50 shops. */
const BUCKET = { maximumAvailable: 200, restoreRate: 10 };
const POINTS_A_CHARGE = 11;
/** Milliseconds that an answer takes. */
const LATENCY = { min: 100, max: 400 };
const LEAST_USED = 0.97;
const MOST_THROTTLED = 0.01;

interface Outcome {
  readonly charges: number;
  readonly seconds: number;
  /** The points used, as a share of those that all buckets had and restored meanwhile. */
  readonly used: number;
  readonly answers: number;
  readonly throttled: number;
  /** Charges that a key was charged more than once for. */
  readonly twice: number;
}

async function start(args: readonly string[]): Promise<ChildProcess> {
  const program = fileURLToPath(new URL("../pacing/ledger-process.ts", import.meta.url));
  const child = fork(program, args);
  await once(child, "message"); // ready
  return child;
}

/** Works off a backlog of so many seconds in each shop. */
async function charging(backlog: number, say: (line: string) => void): Promise<Outcome> {
  const server = await startPostgres();
  const url = await createDatabase(server.url);
  const pool = new Pool({ connectionString: url });
  pool.on("error", () => undefined);
  const admin = createAdminSimulator({ bucket: BUCKET });
  const addShop = (name: string, bucket = BUCKET): string => {
    const domain = `${name}.myshopify.com`;
    const shop = admin.addShop({ shop: domain, accessToken: `shpat_${domain}`, bucket });
    const cappedAmount = { amount: "1000000.00", currencyCode: "USD" };
    shop.createSubscription({ cappedAmount, status: "ACTIVE" });
    return domain;
  };
  const warmUps = Array.from({ length: MACHINES }, (_, n) =>
    addShop(`warm-up-${n}`, { maximumAvailable: 40_000, restoreRate: 20_000 }),
  );
  const shops = Array.from({ length: SHOPS }, (_, n) => addShop(`backlog-${n}`));
  const { endpoint, close } = await admin.listen();
  let machines: readonly ChildProcess[] = [];
  try {
    const ledger = createUsageLedger({
      database: pool,
      billingFor: async () => await Promise.reject(new Error("Nothing is charged here")),
    });
    await ledger.migrate();
    const record = async (shop: string, uses: number): Promise<void> => {
      const price = { amount: "0.01", currencyCode: "USD" };
      const { text, values } = ledger.record(
        Array.from({ length: uses }, (_, n) => ({ shop, id: `use-${n}`, meter: "emails", price })),
      );
      await pool.query(text, values);
    };
    for (const shop of warmUps) await record(shop, 100);
    machines = await Promise.all(
      warmUps.map((shop) => start([endpoint(), url, shop, String(SHOPS_AT_ONCE)])),
    );
    const points = BUCKET.maximumAvailable + BUCKET.restoreRate * backlog;
    const each = Math.floor(points / POINTS_A_CHARGE);
    for (const shop of shops) await record(shop, each);
    admin.faults.latency(LATENCY);
    const before = admin.ledger.length;

    let from = 0;
    let used = 0;
    let answers = 0;
    let throttled = 0;
    admin.on("request", ({ errors, duration, operationType, actualCost }) => {
      used += actualCost ?? 0;
      // The time counts from when the first charge arrived.
      if (from === 0 && operationType === "mutation") from = performance.now() - (duration ?? 0);
      answers += 1;
      if (errors.includes("THROTTLED")) throttled += 1;
    });
    let made = 0;
    const done = new Promise<void>((resolve) => {
      admin.on("usageRecord", () => {
        made += 1;
        if (made % (each * 10) === 0) say(`machines: ${made} of ${each * SHOPS} charges`);
        if (made === each * SHOPS) resolve();
      });
    });
    const failed = machines.map(async (machine) => {
      const [code] = await once(machine, "exit");
      throw new Error(`A machine ended with exit code ${String(code)} before the backlog was done`);
    });
    for (const machine of machines) machine.send("go");
    await Promise.race([done, ...failed]);
    for (const failure of failed) failure.catch(() => undefined); // they are ended below
    const seconds = (performance.now() - from) / 1_000;
    const given = SHOPS * (BUCKET.maximumAvailable + BUCKET.restoreRate * seconds);
    const keys = new Set(admin.ledger.slice(before).map(({ idempotencyKey }) => idempotencyKey));
    return {
      charges: made,
      seconds,
      used: used / given,
      answers,
      throttled,
      twice: made - keys.size,
    };
  } finally {
    for (const machine of machines) machine.kill("SIGKILL");
    await pool.end();
    await close();
    await server.stop();
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** How much of the restore rate of many shops several machines use through one usage ledger. */
export const machines: Measure = async ({ quick, say }) => {
  // Seconds. Starting and ending cost some three of them: a minute's backlog reaches 95 %.
  const backlog = quick ? 15 : 180;
  const { charges, seconds, used, answers, throttled, twice } = await charging(backlog, say);
  return {
    title: "Usage ledger on several machines",
    text: [
      `${MACHINES} processes with \`ledger.run({ shops: ${SHOPS_AT_ONCE} })\` on one PostgreSQL server charge a backlog of ${SHOPS} shops, ${charges / SHOPS} charges each, over HTTP. Each shop has a bucket of ${BUCKET.maximumAvailable} points, ${BUCKET.restoreRate} restored a second (a tenth of the standard plan), and responds after ${LATENCY.min} to ${LATENCY.max} ms. The share is of what all buckets held and restored from the first charge to the last one of the last shop:`,
      table(
        ["charges", "seconds", "of the restore rate", "THROTTLED", "charged twice"],
        [
          [
            charges,
            seconds.toFixed(1),
            percent(used),
            `${throttled} (${percent(throttled / answers)})`,
            twice,
          ],
        ],
      ),
    ],
    goals: [
      {
        what: `share of the restore rate of ${SHOPS} shops, throttled answers: ${MACHINES} machines on one ledger`,
        goal: `at least ${LEAST_USED * 100} %, at most ${MOST_THROTTLED * 100} %`,
        measured: `${percent(used)}, ${percent(throttled / answers)}`,
        met: used >= LEAST_USED && throttled <= answers * MOST_THROTTLED,
      },
    ],
  };
};
