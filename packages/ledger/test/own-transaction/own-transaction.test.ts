import { expect, onTestFinished, test } from "vitest";
import { DOMAIN, ledgerUnderTest } from "../ledger-under-test.js";
import { DRIVERS } from "./drivers.js";

test.each(Object.entries(DRIVERS))(
  "%s: a use is committed or rolled back with the app's own row, and charged on the same database",
  async (_, open) => {
    const t = await ledgerUnderTest({ migrated: false });
    await t.pool.query("create table orders (id text primary key)");
    const driver = await open(t.url);
    onTestFinished(driver.close);
    const ledger = t.another({ database: driver.database });
    await ledger.migrate();
    const record = (id: string) =>
      ledger.record({
        shop: DOMAIN,
        meter: "orders",
        id,
        quantity: "2.5",
        unitPrice: { amount: "0.10", currencyCode: "USD" },
        usedAt: new Date("2026-11-02T11:59:00Z"),
      });
    const stored = async (): Promise<unknown[]> => [
      await t.value("select coalesce(string_agg(id, ','), '') from orders"),
      await t.value(
        "select coalesce(string_agg(id || '=' || price, ','), '') from usage_ledger.uses",
      ),
    ];

    await driver.order("lost", record("lost"), true);
    expect(await stored()).toEqual(["", ""]);
    expect(await driver.order("kept", record("kept"), false)).toEqual({
      recorded: 1,
      differing: 0,
    });
    expect(await stored()).toEqual(["kept", "kept=0.250"]);
    expect(await driver.order("again", record("kept"), false)).toEqual({
      recorded: 0,
      differing: 0,
    });

    expect(await ledger.due()).toEqual([DOMAIN]);
    expect(await ledger.charge(DOMAIN)).toMatchObject({ state: "ready", charged: 1 });
    expect(await ledger.balance(DOMAIN)).toMatchObject({ charged: "0.25", sealed: "0" });
    const differences = [];
    for await (const found of ledger.reconcile(DOMAIN, { since: "2026-11-01" }))
      differences.push(found);
    expect(differences).toEqual([]);
    expect(t.admin.ledger.map(({ price }) => price.amount)).toEqual(["0.25"]);
  },
);

test("the statement has one parameter, used once: it can be split there for a template of SQL", async () => {
  const t = await ledgerUnderTest({ migrated: false });
  const price = { amount: "1", currencyCode: "USD" };
  const { text, values } = t.ledger.record({ shop: DOMAIN, meter: "orders", id: "1", price });
  expect(text.match(/\$\d+/g)).toEqual(["$1"]);
  expect(values).toHaveLength(1);
});
