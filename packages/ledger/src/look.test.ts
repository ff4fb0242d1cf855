import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { expect, test } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";

const DAY = 86_400_000;
const HOUR = 3_600_000;

async function use(t: LedgerUnderTest, amount: string, currencyCode = "USD", usedAt?: Date) {
  const price = { amount, currencyCode };
  await t.record(
    t.ledger.record({ shop: t.domain, id: crypto.randomUUID(), meter: "emails", price, usedAt }),
  );
}

const cappedAmount = { amount: "100.00", currencyCode: "USD" };

test("a shop without a plan waits, is looked at daily, and goes on when one is approved", async () => {
  const t = await ledgerUnderTest({ cap: null });
  await use(t, "5");
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "noPlan", sealed: 0 });
  expect(t.events).toMatchObject([{ type: "state", state: "noPlan" }]);
  expect(await t.ledger.due()).toEqual([]);
  t.admin.clock.advance(DAY);
  expect(await t.ledger.due()).toEqual([t.domain]);
  t.shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready", charged: 1 });
  expect(t.events.map(({ type }) => type)).toEqual(["state", "state", "sealed", "charged"]);
});

test("a test subscription is charged only if the app says so", async () => {
  const t = await ledgerUnderTest({ cap: null });
  t.shop.createSubscription({ cappedAmount, status: "ACTIVE", test: true });
  await use(t, "5");
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "testPlan" });
  expect(await t.another({ isTest: true }).charge(t.domain)).toMatchObject({ charged: 1 });
});

test.each([
  ["frozen", "frozen"],
  ["locked", "unavailable"],
  ["closed", "unavailable"],
  ["forbidden", "accessDenied"],
] as const)("a %s shop is %s, and resumes", async (status, state) => {
  const t = await ledgerUnderTest();
  await use(t, "5");
  t.shop.setStatus(status);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state, charged: 0 });
  const balance = await t.ledger.balance(t.domain);
  expect(balance.state).toBe(state);
  expect(balance.reason).toMatch(/\w/);
  t.shop.setStatus("open");
  expect(await t.ledger.due()).toEqual([]);
  await t.ledger.resume(t.domain);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready", charged: 1 });
});

test("a frozen subscription is told from none", async () => {
  const t = await ledgerUnderTest();
  await use(t, "5");
  const id = t.shop.activeSubscription?.id ?? "";
  t.shop.freeze(id);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "frozen" });
  t.shop.unfreeze(id);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready", charged: 1 });
});

test("a refused token stops the shop in the middle of a backlog, and nothing is lost", async () => {
  const t = await ledgerUnderTest({ concurrency: 1 });
  for (let n = 0; n < 5; n += 1) await use(t, "1");
  let made = 0;
  const stop = t.admin.on("usageRecord", () => {
    made += 1;
    if (made === 2) t.admin.faults.next("unauthorized", 10, "mutations");
  });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "tokenRefused", charged: 2 });
  stop();
  t.admin.faults.clear();
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready", charged: 3 });
  expect(t.admin.ledger).toHaveLength(5);
});

test("a failure to reach Shopify rejects with the client's error, and waits longer each time", async () => {
  const t = await ledgerUnderTest();
  await use(t, "5");
  t.admin.faults.rate({ lostBefore: 1 });
  await expect(t.ledger.charge(t.domain)).rejects.toMatchObject({ name: "NetworkError" });
  expect(await t.ledger.due()).toEqual([]);
  t.admin.clock.advance(5001);
  expect(await t.ledger.due()).toEqual([t.domain]);
  await expect(t.ledger.charge(t.domain)).rejects.toMatchObject({ name: "NetworkError" });
  t.admin.clock.advance(5001);
  expect(await t.ledger.due()).toEqual([]);
  t.admin.faults.clear();
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test.each([
  ["a look", "315360000"],
  ["a look", "9".repeat(30)],
  ["a charge", "315360000"],
  ["a charge", "9".repeat(30)],
])("%s that is asked to wait for years is tried again in a day", async (which, retryAfter) => {
  const t = await ledgerUnderTest();
  await use(t, "5");
  let isBusy = true;
  const billing = createUsageBillingClient({
    shop: t.domain,
    accessToken: "shpat_test",
    retry: false,
    fetch: async (url, init) =>
      isBusy && (which === "a look" || String(init?.body).includes("appUsageRecordCreate"))
        ? new Response("{}", { status: 429, headers: { "retry-after": retryAfter } })
        : await t.admin.fetch(url, init),
  });
  const ledger = t.another({ billingFor: () => billing });
  await ledger.charge(t.domain).catch(() => undefined);
  expect(await ledger.due()).toEqual([]);

  isBusy = false;
  t.admin.clock.advance(86_400_001);
  expect(await ledger.due()).toEqual([t.domain]);
  expect(await ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test("uses in another currency than the plan's stay open, and are charged on a plan in theirs", async () => {
  const t = await ledgerUnderTest();
  await use(t, "5", "EUR");
  await use(t, "3");
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  const balance = await t.ledger.balance(t.domain);
  expect(balance.otherCurrencies).toEqual([{ currencyCode: "EUR", amount: "5" }]);
  t.shop.createSubscription({
    cappedAmount: { amount: "9", currencyCode: "EUR" },
    status: "ACTIVE",
  });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  expect(t.admin.ledger.map(({ price }) => price)).toEqual([
    { amount: "3.0", currencyCode: "USD" },
    { amount: "5.0", currencyCode: "EUR" },
  ]);
});

test("what was sealed in another currency than the new plan's is parked until one in its own", async () => {
  const t = await ledgerUnderTest();
  await use(t, "5");
  await t.ledger.balance(t.domain);
  expect(await t.ledger.close(t.domain)).toEqual({ sealed: 1 });
  t.shop.createSubscription({
    cappedAmount: { amount: "9", currencyCode: "EUR" },
    status: "ACTIVE",
  });
  await t.ledger.charge(t.domain);
  expect(await t.rows("select state, reason from usage_ledger.charges")).toEqual([
    { state: "parked", reason: "currency" },
  ]);
  t.shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1, state: "ready" });
});

test("what is open is sealed and sent before the period ends", async () => {
  const t = await ledgerUnderTest({ rollUp: { atLeast: "50" } });
  await use(t, "5");
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 0 });
  t.admin.clock.advance(30 * DAY - 2 * HOUR);
  expect(await t.ledger.due()).toEqual([]);
  t.admin.clock.advance(HOUR);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 1, charged: 1 });
  const period = t.shop.activeSubscription?.currentPeriodEnd;
  await use(t, "2");
  t.admin.clock.advance(10 * 60_000);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  expect(t.shop.activeSubscription?.currentPeriodEnd).toBe(period);
  expect(t.admin.ledger.map(({ description }) => description)).toEqual(["1 emails", "1 emails"]);
});

test("uses that come after their period are a charge of their own in the next one, and say so", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "day" } });
  await t.ledger.charge(t.domain);
  const usedAt = new Date(t.admin.clock.now());
  t.admin.clock.advance(31 * DAY);
  await use(t, "5", "USD", usedAt);
  await use(t, "3");
  t.admin.clock.advance(DAY);
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger.map(({ description, price }) => [description, price.amount])).toEqual([
    ["1 emails (late)", "5.0"],
    ["1 emails", "3.0"],
  ]);
});
