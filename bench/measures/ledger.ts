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

/** The ledger's statement, and what an app could write instead into the same table. */
const INSERTS = {
  bare: `insert into usage_ledger.uses (shop, meter, id, quantity, price, currency)
    values ($1, $2, $3, $4, $5, $6)`,
  /** A repeated id does not end the app's transaction, as it does with the bare one. */
  idempotent: `insert into usage_ledger.uses (shop, meter, id, quantity, price, currency)
    values ($1, $2, $3, $4, $5, $6) on conflict (shop, meter, id) do nothing`,
} as const;

interface Recording {
  readonly ours: Spread;
  readonly bare: Spread;
  readonly idempotent: Spread;
  readonly overBare: Spread;
  readonly overIdempotent: Spread;
}

/** Uses recorded a second by the ledger's statement, and by `INSERT`s of the same row. */
async function recording(connections: number, rounds: number, uses: number): Promise<Recording> {
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
    let id = 0;
    const record = async (): Promise<unknown> => {
      id += 1;
      const { text, values } = ledger.record(use(id));
      return await pool.query(text, values);
    };
    const insert = (text: string) => async (): Promise<unknown> => {
      id += 1;
      return await pool.query(text, [SHOP, "emails", `order-${id}`, "1", "0.015", "USD"]);
    };
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
    const idempotent: number[] = [];
    const contenders = [
      { rates: ours, one: record },
      { rates: bare, one: insert(INSERTS.bare) },
      { rates: idempotent, one: insert(INSERTS.idempotent) },
    ];
    for (const { one } of contenders) await perSecond(one); // the warm-up
    for (let round = 0; round < rounds; round += 1) {
      // Each round begins with another one.
      const first = round % contenders.length;
      for (const { rates, one } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
        rates.push(await perSecond(one));
      }
    }
    return {
      ours: spreadOf(ours),
      bare: spreadOf(bare),
      idempotent: spreadOf(idempotent),
      overBare: ratioOf(ours, bare),
      overIdempotent: ratioOf(ours, idempotent),
    };
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
  const recorded = new Map<number, Recording>();
  for (const connections of CONNECTIONS) {
    say(`ledger: recording on ${connections} connections`);
    recorded.set(
      connections,
      await recording(connections, quick ? 3 : ROUNDS, quick ? RECORDED / 4 : RECORDED),
    );
  }
  const overBare = recorded.get(1)?.overBare.median ?? Number.NaN;
  const overIdempotent = recorded.get(1)?.overIdempotent.median ?? Number.NaN;
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
      `Uses recorded a second, one statement and one transaction a use, on a real PostgreSQL server (without fsync) over loopback, ${quick ? 3 : ROUNDS} rounds in turn with \`INSERT\`s of the same columns into the same table, bare or with \`on conflict do nothing\`:`,
      table(
        ["connections", "ledger.record()", "bare", "over bare", "on conflict", "over on conflict"],
        [...recorded].map(([connections, { ours, bare, idempotent, overBare, overIdempotent }]) => [
          connections,
          spread(ours, 0),
          spread(bare, 0),
          spread(overBare, 3),
          spread(idempotent, 0),
          spread(overIdempotent, 3),
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
        measured: `${figure(overBare, 3)}; ${figure(overIdempotent, 3)} over one that takes a repeated id`,
        met: overBare >= 0.8,
      },
    ],
  };
};
