import { expect, test } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";

const HOUR = 3_600_000;

async function use(t: LedgerUnderTest, amount: string | number, more: object = {}) {
  const price = { amount, currencyCode: "USD" };
  await t.record(
    t.ledger.record({ shop: t.domain, id: crypto.randomUUID(), meter: "emails", price, ...more }),
  );
}

const books = async (t: LedgerUnderTest) =>
  await t.rows(
    "select recorded::text, sealed::text, open::text, difference = 0 as exact from usage_ledger.books order by meter, currency",
  );

test("a day's uses become one charge when the day is over", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "day" } });
  await t.ledger.charge(t.domain);
  for (let n = 0; n < 3; n += 1) await use(t, "0.50", { quantity: 10 });
  await use(t, "1", { meter: "sms" });
  expect(await t.ledger.due()).toEqual([]);
  t.admin.clock.advance(12 * HOUR);
  await use(t, "7");
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 2, charged: 2 });
  expect(
    t.admin.ledger.map(({ description, price }) => `${description} ${price.amount}`).sort(),
  ).toEqual(["1 sms 1.0", "30 emails 1.5"]);
  expect(await t.ledger.due()).toEqual([]);
});

test("uses become a charge when they add up to enough", async () => {
  const t = await ledgerUnderTest({ rollUp: { atLeast: "5.00" } });
  await t.ledger.charge(t.domain);
  await use(t, "4.999");
  expect(await t.ledger.due()).toEqual([]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 0 });
  await use(t, "0.0019");
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 1 });
  expect(await books(t)).toEqual([
    { recorded: "5.0009", sealed: "5.00", open: "0.0009", exact: true },
  ]);
});

test("prices of any scale are exact, and the rest is carried to the next charge", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "hour" } });
  for (let hour = 0; hour < 4; hour += 1) {
    for (let n = 0; n < 3; n += 1) await use(t, "0.3333333333333333333333333333333333333");
    t.admin.clock.advance(HOUR);
    await t.ledger.charge(t.domain);
  }
  expect(t.admin.ledger.map(({ price }) => price.amount)).toEqual(["0.99", "1.0", "1.0", "1.0"]);
  expect(await books(t)).toEqual([
    {
      recorded: "3.9999999999999999999999999999999999996",
      sealed: "3.99",
      open: "0.0099999999999999999999999999999999996",
      exact: true,
    },
  ]);
});

test("each use is a charge of its own as soon as it makes a whole cent", async () => {
  const t = await ledgerUnderTest();
  for (const amount of ["1.25", "0.004", "0.004", "0.004", "2", "0.009"]) await use(t, amount);
  expect(await t.ledger.due()).toEqual([t.domain]);
  await t.ledger.charge(t.domain);
  expect(
    t.admin.ledger.map(({ description, price }) => [description, price.amount]).sort(),
  ).toEqual(
    [
      ["1 emails", "1.25"],
      ["1 emails", "2.0"],
      ["1 emails", "0.01"],
      ["3 emails", "0.01"],
    ].sort(),
  );
  expect(await t.ledger.due()).toEqual([]);
  expect(await books(t)).toEqual([
    { recorded: "3.271", sealed: "3.27", open: "0.001", exact: true },
  ]);
});

test("many uses worth less than a cent together still make one", async () => {
  const t = await ledgerUnderTest();
  const uses = Array.from({ length: 1200 }, (_, n) => ({
    shop: t.domain,
    id: String(n),
    meter: "calls",
    price: { amount: "0.00001", currencyCode: "USD" },
  }));
  await t.record(t.ledger.record(uses));
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger.map(({ description, price }) => [description, price.amount])).toEqual([
    ["1000 calls", "0.01"],
  ]);
});

test("corrections reduce what is open, and nothing below zero is ever charged", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "hour" } });
  await use(t, "5");
  await use(t, "-7.5");
  t.admin.clock.advance(HOUR);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 0 });
  await use(t, "4");
  await use(t, "0", { quantity: 100 });
  t.admin.clock.advance(HOUR);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 1 });
  expect(t.admin.ledger.map(({ price }) => price.amount)).toEqual(["1.5"]);
  const each = t.another({ rollUp: "each" });
  for (const amount of ["3", "-2", "0.5", "4"]) await use(t, amount);
  await each.charge(t.domain);
  expect(t.admin.ledger.map(({ price }) => price.amount)).toEqual(["1.5", "3.0", "2.5"]);
});

test.each([
  ["JPY", "100.75", ["100.0"], "0.75"],
  ["USD", "100.755", ["100.75"], "0.005"],
  // Three decimals by ISO 4217, and never sent: Shopify rounds to cents.
  ["KWD", "100.755", ["100.75"], "0.005"],
])("%s is charged in whole minor units", async (currencyCode, amount, charged, open) => {
  const t = await ledgerUnderTest({ currencyCode, cap: "100000" });
  await use(t, "1", { price: { amount, currencyCode } });
  await t.ledger.charge(t.domain);
  expect(t.admin.ledger.map(({ price }) => price.amount)).toEqual(charged);
  expect(await t.value("select open::text from usage_ledger.books")).toBe(open);
  expect(await t.ledger.due()).toEqual([]); // the rest is no reason to look again
});

test("a unit price is multiplied by the quantity, exactly", async () => {
  const t = await ledgerUnderTest();
  const unitPrice = { amount: "0.00123456789", currencyCode: "USD" };
  await use(t, "1", { price: undefined, unitPrice, quantity: "1000000.5" });
  expect(await t.value("select price::text from usage_ledger.uses")).toBe("1234.568507283945");
});

test("a use of another transaction that commits while a roll-up is sealed is in the next one", async () => {
  const t = await ledgerUnderTest({ rollUp: { atLeast: "1" } });
  const late = await t.pool.connect();
  await late.query("begin");
  const { text, values } = t.ledger.record({
    shop: t.domain,
    id: "early-seq",
    meter: "emails",
    price: { amount: "1", currencyCode: "USD" },
  });
  await late.query(text, values);
  await use(t, "2");
  let committed = false;
  const racing = t.another({
    describe: ({ quantity }) => {
      if (!committed) void late.query("commit");
      committed = true;
      return `${quantity} emails`;
    },
    database: {
      query: async (text, values) => {
        // The commit has happened when the seal is tried.
        if (committed) await late.query("select 1");
        return await t.pool.query(text, values);
      },
    },
  });
  await racing.charge(t.domain);
  late.release();
  expect(t.admin.ledger.map(({ description, price }) => [description, price.amount])).toEqual([
    ["2 emails", "3.0"],
  ]);
  expect(await books(t)).toMatchObject([{ recorded: "3", exact: true }]);
});

test("close seals what is open without sending it", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "day" } });
  await t.ledger.charge(t.domain);
  await use(t, "2");
  expect(await t.ledger.close(t.domain)).toEqual({ sealed: 1 });
  expect(t.admin.ledger).toHaveLength(0);
  expect(await t.ledger.due()).toEqual([t.domain]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test("close seals before Shopify was ever asked, each use in its own currency", async () => {
  const t = await ledgerUnderTest({ rollUp: { every: "day" } });
  await use(t, "2");
  const price = { amount: "300", currencyCode: "JPY" };
  await t.record(t.ledger.record({ shop: t.domain, id: "yen", meter: "emails", price }));
  expect(await t.ledger.close(t.domain)).toEqual({ sealed: 2 });
  expect(t.admin.requests).toHaveLength(0);
  expect(await t.ledger.due()).toEqual([t.domain]);

  // The plan is in dollars: the yen wait for another one, as they would have before.
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  expect(await t.ledger.balance(t.domain)).toMatchObject({
    charged: "2.00",
    otherCurrencies: [{ currencyCode: "JPY", amount: "300" }],
  });
});

test("close of a shop that has used nothing does nothing", async () => {
  const t = await ledgerUnderTest();
  expect(await t.ledger.close(t.domain)).toEqual({ sealed: 0 });
  expect(await t.ledger.due()).toEqual([]);
});

test.each(["emails \0", "emails \uD800"])("the description %j is refused", async (description) => {
  const t = await ledgerUnderTest({ describe: () => description });
  await use(t, "2");
  await expect(t.ledger.charge(t.domain)).rejects.toThrow(
    "description must be well-formed Unicode without NUL",
  );
});

test("what is sealed never changes, and no charge is ever deleted", async () => {
  const t = await ledgerUnderTest();
  await use(t, "2");
  await t.ledger.charge(t.domain);
  const change = async (sql: string) => await t.pool.query(sql);
  await expect(change("update usage_ledger.charges set amount = 1")).rejects.toThrow(
    "never changes",
  );
  await expect(change("update usage_ledger.charges set key = 'x'")).rejects.toThrow(
    "never changes",
  );
  await expect(
    change("update usage_ledger.charges set state = 'sent', record_id = null"),
  ).rejects.toThrow("stays so");
  await expect(change("delete from usage_ledger.charges")).rejects.toThrow("never deleted");
});
