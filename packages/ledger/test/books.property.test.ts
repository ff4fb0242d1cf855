import { PGlite } from "@electric-sql/pglite";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUsageLedger } from "../src/index.js";
import { DOMAIN, World } from "./world.js";

const HOUR = 3_600_000;
const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 25);

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
});
afterAll(async () => await database.close());

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
    const holds = fc.assert(
      fc.asyncProperty(
        options,
        fc.constantFrom("successes" as const, "all" as const),
        fc.array(step, { minLength: 5, maxLength: 25 }),
        async (options, replay, steps) => {
          await database.exec(
            "truncate usage_ledger.uses, usage_ledger.charges, usage_ledger.accounts, usage_ledger.shops",
          );
          const world = new World(database, options, replay);
          for (const step of steps) {
            if ("record" in step) await world.record(step.record);
            else if ("charge" in step) await world.charge();
            else if ("crash" in step) await world.crash(step.crash);
            else if ("fault" in step) world.admin.faults.next(step.fault, step.times);
            else if ("advance" in step) world.admin.clock.advance(step.advance);
            else if ("raiseCap" in step) world.raiseCap();
            else if ("close" in step) await world.ledger.close(DOMAIN);
            else await world.ledger.resume(DOMAIN, { held: step.resume });
            expect(await world.problems()).toEqual([]);
          }
          await world.recover();
          expect(await world.problems()).toEqual([]);
          expect(await world.uncharged()).toEqual({ cents: 0, states: [] });
        },
      ),
      { numRuns: RUNS, seed: Number(process.env["PROPERTY_SEED"] ?? 16) },
    );
    await expect(holds).resolves.toBeUndefined();
  },
);
