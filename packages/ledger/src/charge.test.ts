import { expect, test } from "vitest";
import { ledgerUnderTest } from "../test/ledger-under-test.js";

const usd = (amount: string) => ({ amount, currencyCode: "USD" });

test("a recorded use is sealed, charged once and settled", async () => {
  const { ledger, record, admin, domain, rows } = await ledgerUnderTest();
  const use = { shop: domain, id: "order-1", meter: "emails", quantity: 250, price: usd("2.50") };
  expect(await record(ledger.record(use))).toEqual({ recorded: 1, differing: 0 });
  expect(await record(ledger.record(use))).toEqual({ recorded: 0, differing: 0 });
  expect(await record(ledger.record({ ...use, price: usd("3") }))).toEqual({
    recorded: 0,
    differing: 1,
  });

  const report = await ledger.charge(domain);
  expect(report).toMatchObject({
    state: "ready",
    sealed: 1,
    charged: 1,
    parked: 0,
    unknown: 0,
    lookAt: null,
  });
  expect(admin.ledger.map(({ description, price }) => [description, price.amount])).toEqual([
    ["250 emails", "2.5"],
  ]);
  await ledger.charge(domain);
  expect(admin.ledger).toHaveLength(1);
  const [charge] = await rows("select state, key, record_id, open_sends from usage_ledger.charges");
  expect(charge).toMatchObject({ state: "charged", record_id: admin.ledger[0]?.id, open_sends: 0 });
  expect(charge?.["key"]).toBe(admin.ledger[0]?.idempotencyKey);
});
