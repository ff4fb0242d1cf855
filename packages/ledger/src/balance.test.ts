import { expect, test } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";

async function use(t: LedgerUnderTest, amount: string) {
  const price = { amount, currencyCode: "USD" };
  await t.record(
    t.ledger.record({ shop: t.domain, id: crypto.randomUUID(), meter: "emails", price }),
  );
}

test("says what still fits under the cap, whatever state the usage is in", async () => {
  const t = await ledgerUnderTest({ cap: "20.00", rollUp: { every: "day" } });
  expect(await t.ledger.balance(t.domain)).toEqual({
    shop: t.domain,
    state: "ready",
    reason: null,
    currencyCode: "USD",
    open: "0",
    sealed: "0",
    charged: "0",
    parked: "0",
    held: "0",
    cappedAmount: "20.0",
    balanceUsed: "0.0",
    available: "20.0",
    periodEnd: new Date("2026-12-02T12:00:00Z"),
    lookedAt: new Date("2026-11-02T12:00:00Z"),
    otherCurrencies: [],
  });
  await use(t, "4.005");
  expect(await t.ledger.balance(t.domain)).toMatchObject({ open: "4.005", available: "15.995" });
  await t.ledger.close(t.domain);
  expect(await t.ledger.balance(t.domain)).toMatchObject({
    open: "0.005",
    sealed: "4.00",
    available: "15.995",
  });
  t.admin.clock.advance(1);
  await t.ledger.charge(t.domain);
  const charged = { open: "0.005", sealed: "0", charged: "4.00", available: "15.995" };
  expect(await t.ledger.balance(t.domain)).toMatchObject(charged);
  expect(await t.ledger.balance(t.domain, { maxAge: 0 })).toMatchObject(charged);
  await use(t, "30");
  await t.ledger.close(t.domain);
  await t.ledger.charge(t.domain);
  expect(await t.ledger.balance(t.domain)).toMatchObject({
    state: "capped",
    charged: "20.00",
    parked: "14.00",
    available: "-14.005",
  });
});

test("asks Shopify only if it has not for five minutes", async () => {
  const t = await ledgerUnderTest();
  for (let n = 0; n < 3; n += 1) await t.ledger.balance(t.domain);
  expect(t.admin.requests).toHaveLength(1);
  t.admin.clock.advance(300_001);
  await t.ledger.balance(t.domain);
  expect(t.admin.requests).toHaveLength(2);
});

test("a shop without a plan has a balance, too", async () => {
  const t = await ledgerUnderTest({ cap: null });
  await use(t, "1.5");
  expect(await t.ledger.balance(t.domain)).toMatchObject({
    state: "noPlan",
    currencyCode: null,
    available: null,
    otherCurrencies: [{ currencyCode: "USD", amount: "1.5" }],
  });
});
