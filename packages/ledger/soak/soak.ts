import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import { createUsageLedger } from "../src/index.js";
import type { PostgresServer } from "../test/postgres-server.js";
import { createDatabase } from "../test/postgres-server.js";
import {
  decimal,
  planUses,
  random,
  shopDomain,
  units,
  type PlannedUse,
  type SoakPlan,
} from "./plan.js";
import { bundlePrograms, message, type Programs } from "./programs.js";
import type { MadeCharge } from "./shops-process.js";
import type { ChildProcess } from "node:child_process";

/** What a soak has found. All but the last of the first group must be 0, and `exact` true. */
export interface Verdict {
  readonly seed: number;
  readonly uses: number;
  /** Charges that Shopify has made, and the keys among them that it made more than once. */
  readonly charges: number;
  readonly twice: number;
  /** Uses that are not in the ledger, and charges that the ledger has and Shopify has not. */
  readonly lost: number;
  /** Shops that were charged more than their cap while it held. */
  readonly aboveCap: number;
  /** Whether the ledger's sums are those of the uses, and what Shopify has charged, to the last digit. */
  readonly exact: boolean;
  readonly recorded: string;
  readonly charged: string;
  readonly open: string;
  readonly cappedShops: number;
  readonly kills: number;
  readonly restarts: number;
  readonly seconds: number;
  /** From the raised caps until all that was parked was charged. */
  readonly secondsAfterRaise: number;
}

/** Records the uses, in transactions of ten: every tenth use twice, and one transaction in twenty rolled back first. */
async function recordAll(pool: Pool, uses: readonly PlannedUse[], plan: SoakPlan): Promise<void> {
  const ledger = createUsageLedger({
    database: pool,
    billingFor: () => Promise.reject(new Error("not asked")),
  });
  const next = random(plan.seed + 1);
  for (let from = 0; from < uses.length; from += 10) {
    const batch = uses.slice(from, from + 10).map(({ shop, id, amount }) => ({
      shop: shopDomain(shop),
      id,
      meter: "emails",
      price: { amount, currencyCode: "USD" },
    }));
    if (plan.rollUp !== "each") await delay(10); // so that many charges are sealed meanwhile
    const again = batch.slice(0, 1);
    let fails = next() < 0.05;
    for (;;) {
      try {
        const client = await pool.connect();
        try {
          await client.query("begin");
          for (const part of [batch, again]) {
            const { text, values } = ledger.record(part);
            await client.query(text, values);
          }
          await client.query(fails ? "rollback" : "commit");
          client.release();
        } catch (error) {
          client.release(true);
          throw error;
        }
        if (!fails) break;
        fails = false;
      } catch {
        await delay(20); // the server was crashed: record them again, they count once
      }
    }
  }
}

/** Asks the database until it answers. */
async function ask<T>(pool: Pool, text: string): Promise<T[]> {
  for (;;) {
    try {
      return (await pool.query(text)).rows as T[]; // of the statements below
    } catch {
      await delay(50);
    }
  }
}

const MADE = `select count(*)::int as count from usage_ledger.charges where state = 'charged'`;
const UNSETTLED = `select count(*)::int as count from usage_ledger.charges where state in ('sealed', 'sent')`;
const WAITING = `select count(*)::int as count from usage_ledger.charges where state in ('sealed', 'sent', 'parked', 'refused')`;
/** More than a cent, and so still to be sealed. */
const OPEN = `select count(*)::int as count from usage_ledger.books where open >= 0.01`;
/** As a webhook or a person would: what was blocked by a fault goes on. */
const UNBLOCK = `update usage_ledger.shops set look_at = clock_timestamp(), failures = 0
  where state not in ('ready', 'capped') or failures > 0`;

/** Runs a soak on a server. */
export async function soak(plan: SoakPlan, server: PostgresServer): Promise<Verdict> {
  const programs = await bundlePrograms();
  const children = new Set<ChildProcess>();
  try {
    return await soakWith(plan, server, programs, children);
  } finally {
    for (const child of children) child.removeAllListeners("exit").kill("SIGKILL");
    await programs.remove();
  }
}

async function soakWith(
  plan: SoakPlan,
  server: PostgresServer,
  programs: Programs,
  children: Set<ChildProcess>,
): Promise<Verdict> {
  const database = await createDatabase(server.url);
  const pool = new Pool({ connectionString: database, max: 4 });
  pool.on("error", () => undefined);
  // Of a connection that is in use when the server is crashed; its statement rejects.
  pool.on("connect", (client) => client.on("error", () => undefined));
  await createUsageLedger({
    database: pool,
    billingFor: () => Promise.reject(new Error("not asked")),
  }).migrate();

  const uses = planUses(plan);
  const used = new Map<number, bigint>();
  for (const { shop, amount } of uses) used.set(shop, (used.get(shop) ?? 0n) + units(amount));
  // Every other shop has a cap of about half of what it uses.
  const caps = Array.from({ length: plan.shops }, (_, shop) =>
    shop % 2 === 0 ? "1000000" : `${(used.get(shop) ?? 0n) / 20_000_000n + 1n}.37`,
  );
  const shops = programs.start("shops-process", {
    seed: plan.seed,
    shops: plan.shops,
    faults: plan.faults,
    caps,
  });
  children.add(shops);
  const { endpoint } = await message<{ endpoint: string }>(shops);

  let twiceEvents = 0;
  let kills = 0;
  const options = {
    database,
    endpoint,
    rollUp: plan.rollUp,
    onCap: "split",
    claimFor: 1000,
    concurrency: 10,
  };
  /** Workers that have charged something: a kill before that would show nothing on a slow machine. */
  const atWork: ChildProcess[] = [];
  const start = (): void => {
    const worker = programs.start("worker", options);
    worker.on("message", (type) => {
      if (type === "twice") twiceEvents += 1;
      else if (!atWork.includes(worker)) atWork.push(worker);
    });
    worker.once("exit", () => {
      children.delete(worker);
      if (running) start();
    });
    children.add(worker);
  };
  let running = true;
  for (let n = 0; n < plan.workers; n += 1) start();

  const from = performance.now();
  const seconds = (): number => Math.round((performance.now() - from) / 100) / 10;
  const kill = (): void => {
    if (atWork.shift()?.kill("SIGKILL") === true) kills += 1;
  };
  const killing = plan.killEvery > 0 ? setInterval(kill, plan.killEvery) : undefined;

  const unblocking = setInterval(() => void pool.query(UNBLOCK).catch(() => undefined), 250);
  const reporting = setInterval(() => {
    void pool
      .query("select state, count(*)::int as count from usage_ledger.charges group by 1 order by 1")
      .then(({ rows }: { rows: { state: string; count: number }[] }) => {
        const counts = rows.map(({ state, count }) => `${state} ${count}`).join(", ");
        process.stderr.write(`${seconds()} s, ${kills} killed: ${counts}\n`);
      })
      .catch(() => undefined);
  }, 5000);
  const recording = recordAll(pool, uses, plan);
  let restarts = 0;
  const ledger = createUsageLedger({
    database: pool,
    billingFor: () => Promise.reject(new Error("not asked")),
    rollUp: plan.rollUp,
  });
  const settled = async (): Promise<boolean> => {
    for (const shop of used.keys()) {
      await ledger.close(shopDomain(shop)).catch(() => undefined); // the server may be down
    }
    for (const statement of [OPEN, UNSETTLED]) {
      const [row] = await ask<{ count: number }>(pool, statement);
      if ((row?.count ?? 1) > 0) return false;
    }
    return true;
  };
  while (restarts < plan.restarts) {
    await delay(100);
    const [made] = await ask<{ count: number }>(pool, MADE);
    // In the middle of the work, and not before there has been some.
    if ((made?.count ?? 0) >= 10 * (restarts + 1)) {
      await server.crash();
      restarts += 1;
    }
  }
  await recording;
  while (!(await settled())) await delay(100);
  clearInterval(killing);

  const cents = (made: readonly MadeCharge[]): Map<string, bigint> => {
    const sums = new Map<string, bigint>();
    for (const { shop, amount } of made) sums.set(shop, (sums.get(shop) ?? 0n) + units(amount));
    return sums;
  };
  shops.send("evidence");
  const capped = cents(await message<MadeCharge[]>(shops));
  const aboveCap = caps.filter(
    (cap, shop) => (capped.get(shopDomain(shop)) ?? 0n) > units(cap),
  ).length;
  const [parkedShops] = await ask<{ count: number }>(
    pool,
    "select count(distinct shop)::int as count from usage_ledger.charges where state = 'parked'",
  );

  const raised = performance.now();
  shops.send("raise");
  await message<MadeCharge[]>(shops);
  for (;;) {
    for (const shop of used.keys()) {
      // As the webhook's handler does; what Shopify's faults had refused is tried again, too.
      await ledger.resume(shopDomain(shop), { refused: true });
    }
    const [waiting] = await ask<{ count: number }>(pool, WAITING);
    if (waiting?.count === 0) break;
    await delay(500);
  }
  const secondsAfterRaise = Math.round((performance.now() - raised) / 100) / 10;
  clearInterval(unblocking);
  clearInterval(reporting);
  running = false;
  shops.send("evidence");
  const made = await message<MadeCharge[]>(shops);

  const keys = new Map<string, number>();
  for (const { key } of made) keys.set(key ?? "", (keys.get(key ?? "") ?? 0) + 1);
  const roots = await ask<{ root: string; amount: string; count: number }>(
    pool,
    `select split_part(key, '.', 1) as root, sum(amount) filter (where replaces is null)::text as amount,
       count(*)::int as count from usage_ledger.charges group by 1`,
  );
  const byRoot = new Map<string, bigint>();
  for (const { key, amount } of made) {
    const root = (key ?? "").split(".")[0] ?? "";
    byRoot.set(root, (byRoot.get(root) ?? 0n) + units(amount));
  }
  const overcharged = roots.filter(
    ({ root, amount }) => (byRoot.get(root) ?? 0n) > units(amount),
  ).length;
  const foreign = [...byRoot.keys()].filter(
    (root) => !roots.some((known) => known.root === root),
  ).length;
  const ids = new Set(made.map(({ id }) => id));
  const charged = await ask<{ record_id: string }>(
    pool,
    "select record_id from usage_ledger.charges where state = 'charged'",
  );
  const [count] = await ask<{ count: number }>(
    pool,
    "select count(*)::int as count from usage_ledger.uses",
  );
  const [books] = await ask<{ recorded: string; sealed: string; open: string; exact: boolean }>(
    pool,
    `select sum(recorded)::text as recorded, sum(sealed)::text as sealed, sum(open)::text as open,
       bool_and(difference = 0) as exact from usage_ledger.books`,
  );
  const sum = uses.reduce((total, { amount }) => total + units(amount), 0n);
  const madeSum = made.reduce((total, { amount }) => total + units(amount), 0n);
  await pool.end();
  return {
    seed: plan.seed,
    uses: uses.length,
    charges: made.length,
    twice:
      [...keys.values()].filter((times) => times > 1).length + overcharged + foreign + twiceEvents,
    lost:
      uses.length -
      (count?.count ?? 0) +
      charged.filter(({ record_id }) => !ids.has(record_id)).length,
    aboveCap,
    exact:
      books?.exact === true &&
      units(books.recorded) === sum &&
      units(books.sealed) === madeSum &&
      units(books.sealed) + units(books.open) === sum,
    recorded: decimal(sum),
    charged: decimal(madeSum),
    open: books?.open ?? "",
    cappedShops: parkedShops?.count ?? 0,
    kills,
    restarts,
    seconds: seconds(),
    secondsAfterRaise,
  };
}

/** Whether a soak has found nothing wrong. */
export function isSound({ twice, lost, aboveCap, exact }: Verdict): boolean {
  return twice === 0 && lost === 0 && aboveCap === 0 && exact;
}
