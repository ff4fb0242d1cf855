import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { expect, onTestFinished, test, vi } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";

const MINUTE = 60_000;

async function use(t: LedgerUnderTest, amount: string, id: string = crypto.randomUUID()) {
  const price = { amount, currencyCode: "USD" };
  await t.record(t.ledger.record({ shop: t.domain, id, meter: "emails", price }));
}

const states = (t: LedgerUnderTest) =>
  t.rows("select state, reason, sends, open_sends from usage_ledger.charges order by id");
const charges = (t: LedgerUnderTest) =>
  t.admin.requests.filter(({ rootFields }) => rootFields.includes("appUsageRecordCreate")).length;

test("a charge whose answer was lost stays sent, and is sent again with its key", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next("lostAfter", 2, "mutations");
  const report = await t.ledger.charge(t.domain);
  expect(report).toMatchObject({ charged: 0, unknown: 1 });
  expect(report.lookAt?.getTime()).toBe(t.admin.clock.now() + 5000);
  expect(await states(t)).toEqual([{ state: "sent", reason: null, sends: 1, open_sends: 1 }]);
  expect(t.events.map(({ type }) => type)).toEqual(["sealed", "unknown"]);

  expect(await t.ledger.due()).toEqual([]);
  t.admin.clock.advance(5001);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1, unknown: 0 });
  expect(t.admin.ledger).toHaveLength(1);
  expect(await states(t)).toEqual([{ state: "charged", reason: null, sends: 2, open_sends: 0 }]);
});

test("an old charge of unknown outcome is looked up first", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next("lostAfter", 2, "mutations");
  await t.ledger.charge(t.domain);
  t.admin.clock.advance(11 * MINUTE);
  const sent = charges(t);
  await t.ledger.charge(t.domain);
  expect(charges(t)).toBe(sent);
  expect(await states(t)).toMatchObject([{ state: "charged" }]);
});

test("an old charge that was made of another price is refused, not settled", async () => {
  const t = await ledgerUnderTest({ cap: "10000" });
  await use(t, "2");
  t.admin.faults.next("lostBefore", 2, "mutations");
  await t.ledger.charge(t.domain);
  const key = String(await t.value("select key from usage_ledger.charges"));
  t.shop.addUsageRecords([{ price: "2000", idempotencyKey: key }]);
  t.admin.clock.advance(11 * MINUTE);
  await t.ledger.charge(t.domain);
  expect(await states(t)).toMatchObject([{ state: "refused", reason: "IdempotencyConflictError" }]);
  expect(t.events.at(-1)).toMatchObject({
    type: "refused",
    message: expect.stringContaining("2000.0 USD"),
  });
});

test("a charge of unknown outcome is looked up on the line item of the old plan before the new one is charged", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next("lostAfter", 2, "mutations");
  await t.ledger.charge(t.domain);
  t.shop.createSubscription({
    cappedAmount: { amount: "50", currencyCode: "USD" },
    status: "ACTIVE",
  });
  await t.ledger.charge(t.domain);
  expect(await states(t)).toMatchObject([{ state: "charged" }]);
  expect(t.admin.ledger).toHaveLength(1);
});

test("after a change of plan, a charge that was not made waits until nothing can be under way", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next("lostBefore", 2, "mutations");
  await t.ledger.charge(t.domain);
  t.shop.createSubscription({
    cappedAmount: { amount: "50", currencyCode: "USD" },
    status: "ACTIVE",
  });
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger).toHaveLength(0);
  t.admin.clock.advance(1440 * MINUTE + 1);
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger).toHaveLength(1);
  expect(await states(t)).toMatchObject([{ state: "charged" }]);
});

test("a sending that surely made nothing is accounted for", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next({ name: "tooManyRequests", retryAfter: "90" }, 2, "mutations");
  const report = await t.ledger.charge(t.domain);
  expect(await states(t)).toEqual([{ state: "sent", reason: null, sends: 1, open_sends: 0 }]);
  expect(report.lookAt?.getTime()).toBe(t.admin.clock.now() + 90_000);
});

test("a key that belongs to another price is refused, with its reason, and never re-keyed by itself", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  const broken = t.another({
    billingFor: () => ({
      ...t.clientFor(t.domain),
      createUsageRecords: async function* (inputs) {
        for await (const input of inputs) {
          t.shop.addUsageRecords([{ price: "2000", idempotencyKey: input.idempotencyKey }]);
          yield* t.clientFor(t.domain).createUsageRecords([input]);
        }
      },
    }),
  });
  expect(await broken.charge(t.domain)).toMatchObject({ refused: 1 });
  expect(await states(t)).toMatchObject([{ state: "refused", reason: "IdempotencyConflictError" }]);
  t.admin.clock.advance(48 * 60 * MINUTE);
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger).toHaveLength(1);
  expect(await t.ledger.waive(t.domain, { charges: "refused" })).toBe(0); // the record may stand for it
});

test("what Shopify refuses waits for the app, which may resume it under a new key", async () => {
  const t = await ledgerUnderTest({ describe: () => " " });
  await use(t, "2");
  await expect(t.ledger.charge(t.domain)).rejects.toThrow("description must be");
  const named = t.another({ describe: () => "emails" });
  const refusing = t.another({
    describe: () => "emails",
    billingFor: () => ({
      ...t.clientFor(t.domain),
      createUsageRecords: async function* (inputs) {
        for await (const input of inputs) {
          const userErrors = [{ code: "UNKNOWN", message: "Something else", field: null }] as const;
          yield { input, result: { ok: false, userErrors, certainty: "notApplied" } };
        }
      },
    }),
  });
  expect(await refusing.charge(t.domain)).toMatchObject({ refused: 1 });
  expect(t.events.at(-1)).toMatchObject({
    type: "refused",
    reason: "UNKNOWN",
    message: "Something else",
  });
  expect((await named.balance(t.domain)).held).toBe("2.00");
  expect(await named.charge(t.domain)).toMatchObject({ charged: 0 });
  expect(await named.resume(t.domain, { refused: true })).toEqual({ charges: 1 });
  expect(await named.charge(t.domain)).toMatchObject({ charged: 1 });
  expect(await t.rows("select state, part from usage_ledger.charges order by id")).toEqual([
    { state: "replaced", part: null },
    { state: "charged", part: "again" },
  ]);
});

test("a replaced charge that is made after all is an event", async () => {
  const t = await ledgerUnderTest({ cap: "10.00" });
  await use(t, "20");
  await t.ledger.charge(t.domain);
  const key = String(await t.value("select key from usage_ledger.charges order by id limit 1"));
  t.shop.addUsageRecords([{ price: "20", idempotencyKey: key }]);
  const differences = [];
  for await (const difference of t.ledger.reconcile(t.domain, { since: new Date(0) })) {
    differences.push(difference);
  }
  expect(differences).toMatchObject([{ type: "differs", reason: "replaced", charge: { key } }]);
});

test("a charge that another worker settles at the same moment is not said to be made twice", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  const other = await t.pool.connect();
  onTestFinished(() => other.release());
  const billing = createUsageBillingClient({
    shop: t.domain,
    accessToken: "shpat_test",
    fetch: async (url, init) => {
      const answer = await t.admin.fetch(url, init);
      const [made] = t.admin.ledger;
      if (!made) return answer;
      await other.query("begin");
      await other.query(
        `update usage_ledger.charges set state = 'charged', record_id = $1, open_sends = 0
         where key = $2`,
        [made.id, made.idempotencyKey],
      );
      return answer;
    },
  });
  const charged = t.another({ billingFor: () => billing }).charge(t.domain);
  // Both are at it now.
  const waiting = `select count(*)::int from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitFor(async () => expect(await t.value(waiting)).toBe(1), 10_000);
  await other.query("commit");

  expect(await charged).toMatchObject({ charged: 1, unknown: 0 });
  expect(t.events.map(({ type }) => type)).toEqual(["sealed"]);
  expect(await states(t)).toMatchObject([{ state: "charged" }]);
});

test("an abort settles what is under way, and starts nothing more", async () => {
  const t = await ledgerUnderTest({ concurrency: 2 });
  for (let n = 0; n < 20; n += 1) await use(t, "1");
  const controller = new AbortController();
  t.admin.on("usageRecord", () => controller.abort(new Error("stop")));
  await expect(t.ledger.charge(t.domain, { signal: controller.signal })).rejects.toThrow("stop");
  expect(t.admin.ledger.length).toBeLessThan(6);
  const charged = await t.value(
    "select count(*)::int from usage_ledger.charges where state = 'charged'",
  );
  expect(charged).toBe(t.admin.ledger.length);
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger).toHaveLength(20);
});

test("while one worker charges a shop, it is busy for another", async () => {
  const t = await ledgerUnderTest();
  for (let n = 0; n < 20; n += 1) await use(t, "1");
  const states: string[] = [];
  const worker = t.another({
    billingFor: async (shop) => {
      states.push((await t.ledger.charge(shop)).state);
      return t.clientFor(shop);
    },
  });
  states.push((await worker.charge(t.domain)).state);
  expect(states).toEqual(["busy", "ready"]);
  expect(t.admin.ledger).toHaveLength(20);
});

test("without any claim, workers that charge at once still charge each use once", async () => {
  const t = await ledgerUnderTest({
    simulator: { bucket: { maximumAvailable: 100_000, restoreRate: 100_000 } },
  });
  for (let n = 0; n < 60; n += 1) await use(t, "0.333");
  const free = {
    query: async (text: string, values?: (string | null)[]) =>
      // Every worker believes that it holds the shop.
      await t.pool.query(
        text
          .replace("s.claimed_until <= clock_timestamp()", "true")
          .replace(
            "and claimed_by = $2::text and claimed_until > clock_timestamp()",
            "and $2::text <> ''",
          ),
        values,
      ),
  };
  const workers = Array.from({ length: 4 }, () => t.another({ database: free }));
  await Promise.all(workers.map(async (worker) => await worker.charge(t.domain)));
  expect(t.chargedCents()).toBe(1998);
  expect(new Set(t.admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(
    t.admin.ledger.length,
  );
  expect(await t.value("select difference = 0 from usage_ledger.books")).toBe(true);
});

test("a shop whose worker has died is due as soon as its claim runs out", async () => {
  const t = await ledgerUnderTest({ claimFor: 500 });
  await use(t, "1");
  let alive = true;
  const dying = t.another({
    database: {
      query: async (text, values) => {
        if (!alive) throw new Error("killed");
        // Sealed, and nothing sent yet.
        if (text.includes("insert into usage_ledger.charges")) alive = false;
        return await t.pool.query(text, values);
      },
    },
  });
  await expect(dying.charge(t.domain)).rejects.toThrow("killed");
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "busy" });
  expect(await t.ledger.due()).toEqual([]);
  await vi.waitFor(async () => expect(await t.ledger.due()).toEqual([t.domain]), 10_000);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test("a way to Shopify that is broken is not the charge's fault", async () => {
  const t = await ledgerUnderTest();
  await use(t, "1");
  t.admin.faults.next("redirect", 1, "mutations");
  expect(await t.ledger.charge(t.domain)).toMatchObject({ refused: 0, unknown: 1 });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test("what PostgreSQL cannot store of an error's text is replaced, and the charge is refused", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  const error = Object.assign(new Error("not \0 this \uD800 way"), {
    name: "InvalidInputError",
    certainty: "notApplied",
    retryable: false,
  });
  const { activeUsageLineItem, subscriptions, usageRecords } = t.clientFor(t.domain);
  const ledger = t.another({
    billingFor: () => ({
      activeUsageLineItem,
      subscriptions,
      usageRecords,
      async *createUsageRecords(inputs) {
        for await (const input of inputs) yield { input, error };
      },
    }),
  });
  expect(await ledger.charge(t.domain)).toMatchObject({ refused: 1 });
  expect(await t.rows("select state, message from usage_ledger.charges")).toEqual([
    { state: "refused", message: "not \uFFFD this \uFFFD way" },
  ]);
});
