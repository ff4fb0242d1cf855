import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
} from "shopify-usage-billing/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUsageLedger, type UsageLedger, type UsageLedgerOptions } from "../src/index.js";

const DOMAIN = "example.myshopify.com";
const HOUR = 3_600_000;
const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 25);

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(async () => await database.close());

/** One app in one shop, and everything that may happen to it. */
class World {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly options: UsageLedgerOptions;
  ledger: UsageLedger;
  #cap = 10;
  #uses = 0;

  constructor(options: Partial<UsageLedgerOptions>, replay: "successes" | "all") {
    this.admin = createAdminSimulator({
      now: "2026-11-02T12:00:00Z",
      clock: "manual",
      replay,
      bucket: { maximumAvailable: 1e9, restoreRate: 1e9 },
    });
    this.shop = this.admin.addShop({ shop: DOMAIN, accessToken: "shpat_test" });
    this.subscribe();
    const client = createUsageBillingClient({
      shop: DOMAIN,
      accessToken: "shpat_test",
      fetch: this.admin.fetch,
      retry: { attempts: 2, minDelay: 0, maxDelay: 0 },
    });
    this.options = {
      database,
      billingFor: () => client,
      now: () => new Date(this.admin.clock.now()),
      ...options,
    };
    this.ledger = createUsageLedger(this.options);
  }

  subscribe(): void {
    const cappedAmount = { amount: String(this.#cap), currencyCode: "USD" };
    this.shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  }

  async record(amounts: readonly string[]): Promise<void> {
    const uses = amounts.map((amount) => {
      this.#uses += 1;
      const price = { amount, currencyCode: "USD" };
      return { shop: DOMAIN, id: `use-${this.#uses}`, meter: "emails", price };
    });
    const { text, values } = this.ledger.record([...uses, ...uses.slice(0, 1)]);
    await database.query(text, values);
  }

  /** A worker that loses its database after so many statements, as if it were killed there. */
  async crash(statements: number): Promise<void> {
    let left = statements;
    const worker = createUsageLedger({
      ...this.options,
      database: {
        query: async (text, values) => {
          left -= 1;
          if (left < 0) throw new Error("killed");
          return await database.query(text, values);
        },
      },
    });
    await worker.charge(DOMAIN).catch(() => undefined);
    // What its claim would do by itself after a while.
    await database.query("update usage_ledger.shops set claimed_by = null, claimed_until = null");
  }

  async charge(): Promise<void> {
    await this.ledger.charge(DOMAIN).catch(() => undefined);
  }

  raiseCap(): void {
    this.#cap *= 2;
    // The merchant approves a plan with a higher cap, and the old plan ends.
    this.subscribe();
  }

  async sums(): Promise<
    { recorded: string; sealed: string; open: string; difference: string } | undefined
  > {
    const { rows } = await database.query<{
      recorded: string;
      sealed: string;
      open: string;
      difference: string;
    }>("select recorded::text, sealed::text, open::text, difference::text from usage_ledger.books");
    return rows[0];
  }

  /** What holds after every step. */
  async check(): Promise<void> {
    const books = await this.sums();
    expect(Number(books?.difference ?? 0)).toBe(0);
    const { rows: charges } = await database.query<{
      key: string;
      root: string;
      state: string;
      cents: number;
      record_id: string | null;
    }>(
      `select key, split_part(key, '.', 1) as root, state, (amount * 100)::int as cents, record_id
       from usage_ledger.charges`,
    );
    const byKey = new Map(charges.map((charge) => [charge.key, charge]));
    const made = new Map<string, number>();
    const seen = new Set<string>();
    for (const { id, idempotencyKey, price } of this.admin.ledger) {
      const charge = byKey.get(idempotencyKey ?? "");
      const cents = Math.round(Number(price.amount) * 100);
      expect(charge, "Shopify has made only what was sealed").toBeDefined();
      expect(cents).toBe(charge?.cents);
      expect(seen.has(idempotencyKey ?? ""), "once").toBe(false);
      seen.add(idempotencyKey ?? "");
      if (charge?.state === "charged") expect(charge.record_id).toBe(id);
      expect(charge?.state, "what was replaced is never made").not.toBe("replaced");
      made.set(charge?.root ?? "", (made.get(charge?.root ?? "") ?? 0) + cents);
    }
    for (const { key, root, state, cents } of charges) {
      if (key === root) expect(made.get(root) ?? 0).toBeLessThanOrEqual(cents);
      if (state === "charged")
        expect(seen.has(key), "charged only what Shopify has made").toBe(true);
    }
    const { rows: uses } = await database.query<{ off: number }>(
      `select count(*)::int as off from usage_ledger.charges c
       where c.replaces is null
         and (select sum(price) from usage_ledger.uses u where u.charge = c.id) is distinct from c.uses_amount`,
    );
    expect(uses[0]?.off, "each charge is the sum of its uses").toBe(0);
  }

  /** Everything is well again: all that is sealed must end as charged. */
  async end(): Promise<void> {
    this.admin.faults.clear();
    this.#cap = 1_000_000;
    this.subscribe();
    for (let day = 0; day < 3; day += 1) {
      this.admin.clock.advance(25 * HOUR);
      await this.ledger.resume(DOMAIN, { held: true, refused: true });
      await this.ledger.charge(DOMAIN);
      await this.check();
    }
    const books = await this.sums();
    const total = this.admin.ledger.reduce(
      (sum, { price }) => sum + Math.round(Number(price.amount) * 100),
      0,
    );
    expect(total).toBe(Math.round(Number(books?.sealed ?? 0) * 100));
    const states = await database.query(
      "select distinct state from usage_ledger.charges where state not in ('charged', 'replaced')",
    );
    expect(states.rows).toEqual([]);
  }
}

const amount = fc.oneof(
  fc.constantFrom("0.004", "0.333333333333", "1", "2.505", "9.99", "25", "0", "-0.75"),
  fc.integer({ min: 1, max: 99_999_999 }).map((n) => (n / 1e7).toFixed(7)),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(amount, { minLength: 1, maxLength: 6 })
      .map((amounts) => ({ record: amounts })),
  },
  { weight: 4, arbitrary: fc.constant({ charge: true }) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 25 }).map((statements) => ({ crash: statements })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      fault: fc.constantFrom(
        "lostAfter" as const,
        "lostBefore" as const,
        "internalErrorAfter" as const,
        "keyInProgress" as const,
        "throttled" as const,
        "nullRecord" as const,
        "unauthorized" as const,
        "accessDenied" as const,
      ),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1000, HOUR, 25 * HOUR, 31 * 24 * HOUR)
      .map((advance) => ({ advance })),
  },
  { weight: 1, arbitrary: fc.constant({ raiseCap: true }) },
  { weight: 1, arbitrary: fc.constant({ close: true }) },
  { weight: 1, arbitrary: fc.record({ resume: fc.boolean() }) },
);

const options = fc.record({
  rollUp: fc.constantFrom("each" as const, { every: "hour" as const }, { atLeast: "3" }),
  onCap: fc.constantFrom("split" as const, "park" as const),
  afterPeriod: fc.constantFrom("hold" as const, "carryOver" as const),
  concurrency: fc.constantFrom(1, 3),
});

test(
  "after every step the books are exact and nothing was charged twice",
  { timeout: 600_000 },
  async () => {
    await createUsageLedger({
      database,
      billingFor: () => Promise.reject(new Error("not asked")),
    }).migrate();
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.constantFrom("successes" as const, "all" as const),
        fc.array(step, { minLength: 5, maxLength: 25 }),
        async (options, replay, steps) => {
          await database.exec(
            "truncate usage_ledger.uses, usage_ledger.charges, usage_ledger.accounts, usage_ledger.shops",
          );
          const world = new World(options, replay);
          for (const step of steps) {
            if ("record" in step) await world.record(step.record);
            else if ("charge" in step) await world.charge();
            else if ("crash" in step) await world.crash(step.crash);
            else if ("fault" in step) world.admin.faults.next(step.fault, step.times);
            else if ("advance" in step) world.admin.clock.advance(step.advance);
            else if ("raiseCap" in step) world.raiseCap();
            else if ("close" in step) await world.ledger.close(DOMAIN);
            else await world.ledger.resume(DOMAIN, { held: step.resume });
            await world.check();
          }
          await world.end();
        },
      ),
      { numRuns: RUNS, seed: Number(process.env["PROPERTY_SEED"] ?? 16) },
    );
  },
);
