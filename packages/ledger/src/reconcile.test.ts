import { expect, test } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";
import type { Difference } from "./index.js";

async function use(t: LedgerUnderTest, amount: string, id: string = crypto.randomUUID()) {
  const price = { amount, currencyCode: "USD" };
  await t.record(t.ledger.record({ shop: t.domain, id, meter: "emails", price }));
}

async function differences(
  t: LedgerUnderTest,
  since: Date | string = new Date(0),
): Promise<Difference[]> {
  const found: Difference[] = [];
  for await (const difference of t.ledger.reconcile(t.domain, { since })) found.push(difference);
  return found;
}

test("a ledger that agrees with Shopify has no differences", async () => {
  const t = await ledgerUnderTest();
  for (let n = 0; n < 5; n += 1) await use(t, "1");
  await t.ledger.charge(t.domain);
  t.admin.clock.advance(1000);
  expect(await differences(t)).toEqual([]);
});

test("what the ledger has not asked for is foreign", async () => {
  const t = await ledgerUnderTest();
  t.shop.addUsageRecords([{ price: "3", idempotencyKey: "by-hand" }, { price: "4" }]);
  expect(await differences(t)).toMatchObject([
    { type: "foreign", record: { idempotencyKey: null, price: { amount: "4.0" } } },
    { type: "foreign", record: { idempotencyKey: "by-hand" } },
  ]);
  expect(await differences(t, new Date(t.admin.clock.now() + 1000))).toEqual([]);
});

test("what Shopify does not have is missing, also of a plan that has ended", async () => {
  const t = await ledgerUnderTest();
  await use(t, "1");
  await t.ledger.charge(t.domain);
  t.shop.createSubscription({
    cappedAmount: { amount: "9", currencyCode: "USD" },
    status: "ACTIVE",
  });
  await use(t, "2");
  await t.ledger.charge(t.domain);
  t.admin.clock.advance(1000);
  expect(await differences(t)).toEqual([]);
  // As a ledger that was restored to another shop's account would have it.
  await t.pool
    .query(`insert into usage_ledger.charges (shop, meter, currency, amount, decimals, key,
    description, uses, quantity, used_from, used_to, late, uses_amount, carried_in, carried_out, sealed_at,
    state, record_id, record_created_at, settled_at)
    select shop, meter, currency, amount, decimals, 'lost', description, uses, quantity, used_from, used_to,
    late, uses_amount, carried_in, carried_out, sealed_at, state, 'gid://shopify/AppUsageRecord/999999',
    record_created_at, settled_at from usage_ledger.charges limit 1`);
  expect(await differences(t)).toMatchObject([{ type: "missing", charge: { key: "lost" } }]);
});

test("another price, a second record, and a waived charge differ", async () => {
  const t = await ledgerUnderTest({ cap: "10000" });
  for (const amount of ["1.50", "2", "3"]) await use(t, amount);
  await t.ledger.charge(t.domain);
  const [first] = t.admin.ledger;
  // A price with three decimals was once billed a thousandfold.
  Object.defineProperty(first, "price", { value: { amount: "1500.0", currencyCode: "USD" } });
  t.shop.addUsageRecords([{ price: "2", idempotencyKey: t.admin.ledger[1]?.idempotencyKey ?? "" }]);
  t.admin.clock.advance(1000);
  expect(await differences(t)).toMatchObject([
    { type: "differs", reason: "twice", charge: { amount: "2.00" } },
    {
      type: "differs",
      reason: "price",
      charge: { amount: "1.50" },
      record: { price: { amount: "1500.0" } },
    },
  ]);
});

test("a charge of unknown outcome is settled on the way", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  t.admin.faults.next("lostAfter", 2, "mutations");
  await t.ledger.charge(t.domain);
  expect(await differences(t)).toEqual([]);
  expect(await t.value("select state from usage_ledger.charges")).toBe("charged");
});
