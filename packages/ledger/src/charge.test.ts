import { expect, onTestFinished, test } from "vitest";
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

test("a listener that rejects stops no charge, and is no unhandled rejection", async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on("unhandledRejection", note);
  onTestFinished(() => void process.off("unhandledRejection", note));
  const { ledger, record, admin, domain } = await ledgerUnderTest({
    onEvent: async () => await Promise.reject(new Error("the log is full")),
  });
  await record(ledger.record({ shop: domain, id: "order-1", meter: "emails", price: usd("1") }));

  expect(await ledger.charge(domain)).toMatchObject({ charged: 1 });
  expect(admin.ledger).toHaveLength(1);
  await new Promise(setImmediate);
  expect(rejections).toEqual([]);
});
