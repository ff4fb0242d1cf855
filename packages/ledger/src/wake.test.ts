import { expect, test } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";

const DAY = 86_400_000;

async function use(t: LedgerUnderTest, amount: string, id: string = crypto.randomUUID()) {
  const price = { amount, currencyCode: "USD" };
  await t.record(t.ledger.record({ shop: t.domain, id, meter: "emails", price }));
}

const states = (t: LedgerUnderTest) =>
  t.rows("select state, reason, part, amount::text from usage_ledger.charges order by id");

test("a charge above the cap is split: what fits is charged, the rest is parked", async () => {
  const t = await ledgerUnderTest({ cap: "10.00", rollUp: { atLeast: "1" } });
  await use(t, "25.005");
  const report = await t.ledger.charge(t.domain);

  expect(report).toMatchObject({ state: "capped", sealed: 1, charged: 1, parked: 1 });
  expect(t.chargedCents()).toBe(1000);
  expect(await states(t)).toEqual([
    { state: "replaced", reason: "cap", part: null, amount: "25.00" },
    { state: "charged", reason: null, part: "fit", amount: "10.00" },
    { state: "parked", reason: "cap", part: "rest", amount: "15.00" },
  ]);
  const keys = await t.rows("select id::text, key from usage_ledger.charges order by id");
  const [root] = keys;
  for (const { key } of keys.slice(1)) {
    expect(String(key).startsWith(`${String(root?.["key"])}.${String(root?.["id"])}.`)).toBe(true);
  }
  expect(t.admin.ledger[0]?.description).toBe("1 emails (part)");
  // Nothing more is sent while the cap is used up.
  const sent = t.admin.requests.length;
  await t.ledger.charge(t.domain);
  expect(t.admin.requests.slice(sent).map(({ operationName }) => operationName)).toEqual([
    "ActiveSubscriptions",
  ]);
  expect(t.chargedCents()).toBe(1000);
  expect(await t.value("select difference::text from usage_ledger.books")).toBe("0.000");
});

test("a raised cap lets the rest go on", async () => {
  const t = await ledgerUnderTest({ cap: "10.00" });
  await use(t, "25");
  await t.ledger.charge(t.domain);
  const lineItem = t.shop.activeSubscription?.usageLineItem;
  const billing = t.clientFor(t.domain);
  await billing.updateCappedAmount({ cappedAmount: { amount: "100.00", currencyCode: "USD" } });
  t.shop.approve(lineItem?.id ?? "");
  await t.ledger.resume(t.domain);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready", charged: 1 });
  expect(t.chargedCents()).toBe(2500);
});

test("with onCap park, what does not fit is parked whole, and what does is charged", async () => {
  const t = await ledgerUnderTest({ cap: "10.00", onCap: "park", concurrency: 1 });
  for (const [n, amount] of ["8", "5", "3", "2"].entries()) await use(t, amount, `order-${n}`);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "capped" });
  expect(t.chargedCents()).toBe(1000);
  expect((await states(t)).filter(({ state }) => state === "parked")).toHaveLength(2);
});

test("what was parked past its period is held for the app, which resumes or waives it", async () => {
  const t = await ledgerUnderTest({ cap: "10.00", concurrency: 1 });
  await use(t, "15");
  await use(t, "4");
  await t.ledger.charge(t.domain);
  t.admin.clock.advance(31 * DAY);
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(1000);
  expect((await t.ledger.balance(t.domain)).held).toBe("9.00");

  const [held] = await t.rows(
    "select key from usage_ledger.charges where amount = 4 and reason = 'held'",
  );
  expect(await t.ledger.waive(t.domain, { charges: [String(held?.["key"])] })).toBe(1);
  expect(await t.ledger.resume(t.domain, { held: true })).toEqual({ charges: 1 });
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(1500);
  expect((await t.ledger.balance(t.domain)).held).toBe("0");
});

test("with carryOver, what was parked is charged in the next period by itself", async () => {
  const t = await ledgerUnderTest({ cap: "10.00", afterPeriod: "carryOver" });
  await use(t, "25");
  await t.ledger.charge(t.domain);
  for (let period = 0; period < 2; period += 1) {
    t.admin.clock.advance(30 * DAY + 120_000);
    expect(await t.ledger.due()).toEqual([t.domain]);
    await t.ledger.charge(t.domain);
  }
  expect(t.chargedCents()).toBe(2500);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ state: "ready" });
});

test("a cap that turns down what should fit is asked once a look, under a new key", async () => {
  const t = await ledgerUnderTest({ cap: "100.00" });
  // Shopify has been seen to refuse for the cap although the balance read zero.
  const fake = t.shop.activeSubscription?.usageLineItem?.usagePricing;
  const read = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(fake), "balanceUsed");
  expect(read).toBeDefined();
  Object.defineProperty(fake, "balanceUsed", {
    get: () => ({ amount: "0.0", currencyCode: "USD" }),
  });
  t.shop.addUsageRecords([{ price: "95" }]);
  await use(t, "20");
  const sent = () =>
    t.admin.requests.filter(({ rootFields }) => rootFields.includes("appUsageRecordCreate")).length;
  await t.ledger.charge(t.domain);
  expect(sent()).toBe(1);
  expect(t.chargedCents()).toBe(9500);
  t.admin.clock.advance(DAY);
  expect(await t.ledger.due()).toEqual([t.domain]);
  await t.ledger.charge(t.domain);
  expect(sent()).toBe(2);
  const keys = await t.rows("select distinct key from usage_ledger.charges");
  expect(keys).toHaveLength(2);
});

test("a backlog of small charges stops at the cap, and does not try each of them", async () => {
  const t = await ledgerUnderTest({
    cap: "10.00",
    simulator: { bucket: { maximumAvailable: 100_000, restoreRate: 100_000 } },
  });
  const uses = Array.from({ length: 200 }, (_, n) => ({
    shop: t.domain,
    id: `order-${n}`,
    meter: "emails",
    price: { amount: "0.333", currencyCode: "USD" },
  }));
  await t.record(t.ledger.record(uses));
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(1000);
  const sent = t.admin.requests.filter(({ rootFields }) =>
    rootFields.includes("appUsageRecordCreate"),
  );
  expect(sent.length).toBeLessThan(60);
  const books = await t.rows(
    "select recorded::text, sealed::text, open::text, difference::text from usage_ledger.books",
  );
  expect(books).toEqual([
    { recorded: "66.600", sealed: "66.60", open: "0.000", difference: "0.000" },
  ]);
});

test("a charge whose sending may still be under way is not replaced, and goes out again with its key", async () => {
  const t = await ledgerUnderTest({ cap: "10.00" });
  await use(t, "20");
  const broken = t.another({
    billingFor: () => ({
      ...t.clientFor(t.domain),
      createUsageRecords: () => {
        throw new Error("killed before it sent anything");
      },
    }),
  });
  await expect(broken.charge(t.domain)).rejects.toThrow("killed before");
  // As if it had marked the charge: nobody knows whether it was sent.
  await t.pool.query(
    "update usage_ledger.charges set state = 'sent', sends = 1, open_sends = 1, first_sent_at = $1, last_sent_at = $1, sent_to = array[$2]",
    [new Date(t.admin.clock.now()), t.shop.activeSubscription?.usageLineItem?.id],
  );
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(0);
  expect(await states(t)).toMatchObject([{ state: "parked" }]);
  // A day later nothing can be under way any more, and a look-up has shown that nothing was made.
  t.admin.clock.advance(DAY + 1);
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(1000);
});
