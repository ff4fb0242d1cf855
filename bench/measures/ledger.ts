import { PGlite } from "@electric-sql/pglite";
import { Pool } from "pg";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { createUsageLedger, type Use, type UsageLedgerOptions } from "shopify-usage-ledger";
import { createDatabase, startPostgres } from "../../packages/ledger/test/postgres-server.js";
import { figure, spread, table } from "../markdown.js";
import type { Measure } from "../section.js";
import { ratioOf, spreadOf, type Spread } from "../statistics.js";

const SHOP = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_example";
const USES_A_DAY = 10_000;
/** Uses of each round of recording, one statement a use. */
const RECORDED = 2_000;
const ROUNDS = 9;
const CONNECTIONS = [1, 8] as const;

function use(id: number): Use {
  const unitPrice = { amount: "0.015", currencyCode: "USD" };
  return { shop: SHOP, id: `order-${id}`, meter: "emails", quantity: 1, unitPrice };
}

/** What a day's uses cost of points, and how many lines they are on the merchant's invoice. */
async function dayOfUses(
  rollUp: UsageLedgerOptions["rollUp"],
  uses: number,
): Promise<{ readonly points: number; readonly lines: number }> {
  const admin = createAdminSimulator({
    now: "2026-11-02T00:00:00Z",
    clock: "manual",
    bucket: { maximumAvailable: 1_000_000, restoreRate: 100_000 },
  });
  const shop = admin.addShop({ shop: SHOP, accessToken: ACCESS_TOKEN });
  shop.createSubscription({
    cappedAmount: { amount: "1000000.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  let points = 0;
  admin.on("request", ({ actualCost }) => {
    points += actualCost ?? 0;
  });
  const database = await PGlite.create();
  try {
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      fetch: admin.fetch,
    });
    const ledger = createUsageLedger({
      database,
      billingFor: () => billing,
      rollUp,
      describe: ({ meter, quantity }) => `${quantity} ${meter}`,
      now: () => new Date(admin.clock.now()),
    });
    await ledger.migrate();
    const { text, values } = ledger.record(Array.from({ length: uses }, (_, id) => use(id)));
    await database.query(text, [...values]);
    admin.clock.advance(24 * 60 * 60 * 1_000);
    await ledger.charge(SHOP);
    return { points, lines: admin.ledger.length };
  } finally {
    await database.close();
  }
}

/** Uses recorded a second by the ledger's statement, over bare `INSERT`s of the same row. */
async function recording(
  connections: number,
  rounds: number,
  uses: number,
): Promise<{ readonly ours: Spread; readonly bare: Spread; readonly ratio: Spread }> {
  const server = await startPostgres();
  const pool = new Pool({ connectionString: await createDatabase(server.url), max: connections });
  // The server may stop before it has read that a connection is closed.
  pool.on("error", () => undefined);
  try {
    const ledger = createUsageLedger({
      database: pool,
      billingFor: () => {
        throw new Error("Nothing is charged here");
      },
      describe: ({ meter }) => meter,
    });
    await ledger.migrate();
    // The same table, so that both keep the same indexes.
    const bareInsert = `insert into usage_ledger.uses (shop, meter, id, quantity, price, currency)
      values ($1, $2, $3, $4, $5, $6)`;
    let id = 0;
    const perSecond = async (one: () => Promise<unknown>): Promise<number> => {
      let left = uses;
      const lane = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await one();
        }
      };
      const start = performance.now();
      await Promise.all(Array.from({ length: connections }, lane));
      return uses / ((performance.now() - start) / 1_000);
    };
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const recorded = await perSecond(() => {
        id += 1;
        const { text, values } = ledger.record(use(id));
        return pool.query(text, [...values]);
      });
      const inserted = await perSecond(() => {
        id += 1;
        return pool.query(bareInsert, [SHOP, "emails", `order-${id}`, "1", "0.015", "USD"]);
      });
      if (round === 0) continue; // the warm-up
      ours.push(recorded);
      bare.push(inserted);
    }
    return { ours: spreadOf(ours), bare: spreadOf(bare), ratio: ratioOf(ours, bare) };
  } finally {
    await pool.end();
    await server.stop();
  }
}

/** What the usage ledger costs: points, invoice lines, and the time of the app's own transaction. */
export const ledger: Measure = async ({ quick, say }) => {
  const uses = quick ? USES_A_DAY / 10 : USES_A_DAY;
  say(`ledger: ${uses} uses, each charged`);
  const each = await dayOfUses("each", uses);
  say(`ledger: ${uses} uses, rolled up`);
  const rolledUp = await dayOfUses({ every: "day" }, uses);
  const recorded = new Map<number, Awaited<ReturnType<typeof recording>>>();
  for (const connections of CONNECTIONS) {
    say(`ledger: recording on ${connections} connections`);
    recorded.set(
      connections,
      await recording(connections, quick ? 3 : ROUNDS, quick ? RECORDED / 4 : RECORDED),
    );
  }
  const ratio = recorded.get(1)?.ratio.median ?? Number.NaN;
  return {
    title: "Usage ledger",
    text: [
      `${uses} uses of one meter in a day, by the simulator. Points are those of all requests, the look-up of the plan included:`,
      table(
        ["roll-up", "points", "invoice lines"],
        [
          ['`"each"`', each.points, each.lines],
          ['`{ every: "day" }`', rolledUp.points, rolledUp.lines],
        ],
      ),
      `Uses recorded a second, one statement a use, on a real PostgreSQL server (without fsync) over loopback, ${quick ? 3 : ROUNDS} rounds in turn with bare \`INSERT\`s of the same row into the same table:`,
      table(
        ["connections", "ledger.record()", "bare `INSERT`", "ratio"],
        [...recorded].map(([connections, { ours, bare, ratio }]) => [
          connections,
          spread(ours, 0),
          spread(bare, 0),
          spread(ratio, 3),
        ]),
      ),
    ],
    goals: [
      {
        what: `points and invoice lines for ${uses} uses a day, each; rolled up`,
        goal: `${uses * 10} points and more; at most 11 a charge, and 1 line`,
        measured: `${each.points} points, ${each.lines} lines; ${rolledUp.points} points with the look-up, ${rolledUp.lines} line`,
        met: rolledUp.lines === 1 && each.lines === uses,
      },
      {
        what: "uses recorded a second by the ledger's statement, over a bare `INSERT`",
        goal: "at least 0.8",
        measured: figure(ratio, 3),
        met: ratio >= 0.8,
      },
    ],
  };
};
