import PgBossClass from "pg-boss";
import { expect, onTestFinished, test, vi } from "vitest";
import { DOMAIN, ledgerUnderTest, type LedgerUnderTest } from "../../test/ledger-under-test.js";
import {
  chargeOnPgBoss,
  type PgBoss,
  type PgBossEngine,
  type PgBossEngineOptions,
} from "./index.js";

/** A pg-boss that has been started on the test's own database. */
async function startBoss(url: string): Promise<PgBossClass> {
  const boss = new PgBossClass({ connectionString: url, max: 4 });
  boss.on("error", () => undefined); // an emptied database; the test sees what becomes of it
  await boss.start();
  onTestFinished(async () => await boss.stop({ graceful: false, wait: true }));
  return boss;
}

/** Stands for the ledger's `charge` if only the queue matters. */
type Charge = PgBossEngineOptions["ledger"]["charge"];

async function start(
  boss: PgBoss,
  options: Omit<PgBossEngineOptions, "boss">,
): Promise<PgBossEngine> {
  const engine = await chargeOnPgBoss({ boss, pollInterval: 0.5, ...options });
  onTestFinished(engine.stop);
  return engine;
}

function addShops(t: LedgerUnderTest, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const shop = t.admin.addShop({
      shop: `shop-${n}.myshopify.com`,
      accessToken: `shpat_shop-${n}.myshopify.com`,
    });
    shop.createSubscription({
      cappedAmount: { amount: "50", currencyCode: "USD" },
      status: "ACTIVE",
    });
    return shop.domain;
  });
}

async function recordOne(t: LedgerUnderTest, shop: string, id: string): Promise<void> {
  const price = { amount: "1", currencyCode: "USD" };
  await t.record(t.ledger.record({ shop, id, meter: "emails", price }));
}

const SOON = { timeout: 40_000, interval: 100 };

test("charges each shop that is due once, over two machines, and schedules the next look", async () => {
  const t = await ledgerUnderTest();
  const shops = addShops(t, 8);
  for (const shop of shops) {
    await recordOne(t, shop, "1");
    await recordOne(t, shop, "2");
  }
  const [one, two] = [await startBoss(t.url), await startBoss(t.url)];
  const engine = await start(one, { ledger: t.ledger });
  await start(two, { ledger: t.another() });
  expect(await engine.enqueueDue()).toBe(8);
  await expect.poll(() => t.admin.ledger.length, SOON).toEqual(16);
  await expect
    .poll(
      () =>
        t.value(
          "select count(*)::int from pgboss.job where name = 'usage-ledger' and output->>'charged' = '2'",
        ),
      SOON,
    )
    .toEqual(8);
  expect(await engine.enqueueDue()).toBe(0);
  expect(await one.getSchedules()).toMatchObject([{ name: "usage-ledger-due", cron: "* * * * *" }]);
});

test("the job that the schedule sends enqueues what is due", async () => {
  const t = await ledgerUnderTest();
  await recordOne(t, DOMAIN, "1");
  const boss = await startBoss(t.url);
  await start(boss, { ledger: t.ledger });
  await boss.send("usage-ledger-due", {});
  await expect.poll(() => t.admin.ledger.length, SOON).toEqual(1);
});

test("a shop waits in the queue once, and a process without workers only enqueues", async () => {
  const t = await ledgerUnderTest();
  const boss = await startBoss(t.url);
  const engine = await start(boss, { ledger: t.ledger, shops: 0 });
  expect(await engine.enqueue("Example.myshopify.com")).toBe(true);
  expect(await engine.enqueue(DOMAIN)).toBe(false);
  await expect(engine.enqueue("example.com")).rejects.toThrow("shop must be a domain such as");
  expect(await boss.getQueueSize("usage-ledger")).toBe(1);
});

test("a job that fails is tried again, then becomes a dead letter that says why; the shop stays due", async () => {
  const t = await ledgerUnderTest();
  await recordOne(t, DOMAIN, "1");
  const boss = await startBoss(t.url);
  const down = t.another({
    billingFor: () => {
      throw new Error("The session storage is down");
    },
  });
  const engine = await start(boss, { ledger: down, retryLimit: 1 });
  await boss.updateQueue("usage-ledger", { name: "usage-ledger", retryLimit: 1, retryDelay: 0 });
  await engine.enqueueDue();
  await expect.poll(() => boss.getQueueSize("usage-ledger-failed"), SOON).toEqual(1);
  const [letter] = await boss.fetch<{ shop: string }>("usage-ledger-failed", {
    includeMetadata: true,
  });
  expect(letter).toMatchObject({
    data: { shop: DOMAIN },
    output: { message: "The session storage is down" },
  });
  expect(
    await t.value(
      "select retry_count from pgboss.job where name = 'usage-ledger' and state = 'failed'",
    ),
  ).toBe(1);
  t.admin.clock.advance(60_000);
  expect(await t.ledger.due()).toEqual([DOMAIN]);
});

test("the job of a worker that died expires and is done by another one, and its shop does not wait for it", async () => {
  const t = await ledgerUnderTest({ claimFor: 500 });
  await recordOne(t, DOMAIN, "1");
  const boss = await startBoss(t.url);
  const engine = await start(boss, { ledger: t.ledger, shops: 0 });
  await engine.enqueue(DOMAIN);
  // A worker takes the job and is not heard of again.
  const [taken] = await boss.fetch("usage-ledger");
  expect(taken).toMatchObject({ data: { shop: DOMAIN } });
  expect(await engine.enqueueDue()).toBe(1);
  await start(boss, { ledger: t.ledger });
  await expect.poll(() => t.admin.ledger.length, SOON).toEqual(1);
  await t.pool.query("update pgboss.job set started_on = now() - interval '1 hour' where id = $1", [
    taken?.id,
  ]);
  await boss.maintain();
  await expect
    .poll(() => t.value("select state::text from pgboss.job where id = $1", [taken?.id]), SOON)
    .toEqual("completed");
  expect(t.admin.ledger).toHaveLength(1);
});

test("pg-boss's tables emptied in the middle: nothing is lost, and the schedule comes back by itself", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const t = await ledgerUnderTest();
  const shops = addShops(t, 10);
  for (const shop of shops) await recordOne(t, shop, "1");
  const boss = await startBoss(t.url);
  let wipe: Promise<unknown> | undefined;
  t.admin.on("usageRecord", () => {
    if (t.admin.ledger.length !== 3) return;
    wipe = t.pool.query("truncate pgboss.job, pgboss.archive, pgboss.schedule");
  });
  const engine = await start(boss, { ledger: t.ledger, shops: 1 });
  await engine.enqueueDue();
  await vi.waitUntil(() => wipe, 40_000);
  await wipe;
  expect(await boss.getSchedules()).toEqual([]);
  vi.advanceTimersByTime(300_000);
  await expect
    .poll(() => boss.getSchedules(), SOON)
    .toEqual([expect.objectContaining({ name: "usage-ledger-due" })]);
  // What the schedule does each minute.
  await boss.send("usage-ledger-due", {});
  await expect.poll(() => t.admin.ledger.length, SOON).toEqual(10);
  expect(new Set(t.admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(10);
  expect(await t.value("select bool_and(difference = 0) from usage_ledger.books")).toBe(true);
});

test("a schema of pg-boss that is dropped and made again charges what was recorded, once", async () => {
  const t = await ledgerUnderTest();
  await recordOne(t, DOMAIN, "1");
  const first = await startBoss(t.url);
  const lost = await start(first, { ledger: t.ledger, shops: 0 });
  await lost.enqueueDue();
  await lost.stop();
  await first.stop({ graceful: false, wait: true });
  await t.pool.query("drop schema pgboss cascade");
  const engine = await start(await startBoss(t.url), { ledger: t.ledger });
  await engine.enqueueDue();
  await expect.poll(() => t.admin.ledger.length, SOON).toEqual(1);
});

test("a shop that takes longer than its job may is enqueued again for the rest", async () => {
  const t = await ledgerUnderTest();
  const boss = await startBoss(t.url);
  let calls = 0;
  const charge: Charge = async (shop, { signal } = {}) => {
    calls += 1;
    if (calls > 1) return await t.ledger.charge(shop);
    return await new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  };
  const engine = await start(boss, { ledger: { charge, due: t.ledger.due }, expireIn: 10 });
  await engine.enqueue(DOMAIN);
  await expect.poll(() => calls, SOON).toEqual(2);
  await expect
    .poll(
      () =>
        t.rows(
          "select output->>'state' as state from pgboss.job where name = 'usage-ledger' order by completed_on",
        ),
      SOON,
    )
    .toEqual([{ state: "unfinished" }, { state: "ready" }]);
});

test("stopping ends what is under way, and pg-boss tries it again elsewhere", async () => {
  const t = await ledgerUnderTest();
  const boss = await startBoss(t.url);
  let started = 0;
  const charge: Charge = async (_shop, { signal } = {}) =>
    await new Promise((_, reject) => {
      started += 1;
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  const engine = await start(boss, { ledger: { charge, due: t.ledger.due } });
  await engine.enqueue(DOMAIN);
  await expect.poll(() => started, SOON).toEqual(1);
  await engine.stop();
  await expect
    .poll(() => t.value("select state::text from pgboss.job where name = 'usage-ledger'"), SOON)
    .toEqual("retry");
});

test.each([
  [{ shops: -1 }, "shops must be a whole number from 0 to 1000, got -1"],
  [{ expireIn: 5 }, "expireIn must be a whole number from 10 to 86399, got 5"],
  [{ retryLimit: 1.5 }, "retryLimit must be a whole number from 0 to 1000, got 1.5"],
  [{ pollInterval: 0 }, "pollInterval must be a number of seconds from 0.5 to 86400, got 0"],
  [{ queue: "" }, 'queue must be text, got ""'],
  [{ boss: {} }, "boss must be a PgBoss, got an object"],
  [{ retries: 3 }, "retries is unknown; expected one of boss, ledger"],
])("refuses %j: %s", async (wrong, message) => {
  const t = await ledgerUnderTest({ migrated: false });
  const options = { boss: new PgBossClass(t.url), ledger: t.ledger, ...wrong };
  // Wrong on purpose.
  await expect(chargeOnPgBoss(options as never)).rejects.toThrow(message);
});
