import { expect, test } from "vitest";
import { ledgerUnderTest } from "../test/ledger-under-test.js";

test("charged uses are deleted in two steps, and never count again", async () => {
  const t = await ledgerUnderTest({ cap: "10" });
  const use = (id: string, amount: string) =>
    t.ledger.record({
      shop: t.domain,
      id,
      meter: "emails",
      price: { amount, currencyCode: "USD" },
    });
  await t.record(use("charged", "4"));
  await t.ledger.charge(t.domain);
  await t.record(use("parked", "9"));
  await t.record(use("open", "0.001"));
  await t.ledger.charge(t.domain);
  t.admin.clock.advance(1000);
  const before = new Date(t.admin.clock.now());
  expect(await t.ledger.forget({ before })).toEqual({ marked: 1, deleted: 0 });
  expect(await t.record(use("charged", "4"))).toEqual({ recorded: 0, differing: 0 });
  await t.pool.query(
    "update usage_ledger.forgotten_uses set forgotten_at = forgotten_at - interval '2 days'",
  );
  expect(await t.ledger.forget({ before })).toEqual({ marked: 0, deleted: 1 });
  expect(await t.rows("select id from usage_ledger.uses order by id")).toEqual([
    { id: "open" },
    { id: "parked" },
  ]);
  expect(await t.record(use("charged", "4"))).toEqual({ recorded: 0, differing: 0 });
  await t.ledger.charge(t.domain);
  expect(t.chargedCents()).toBe(1000);
  expect(await t.value("select difference = 0 from usage_ledger.books")).toBe(true);
});
