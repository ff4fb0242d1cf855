import { expect, test } from "vitest";
import { ledgerUnderTest } from "../test/ledger-under-test.js";
import type { Use } from "./index.js";

const price = { amount: "1.00", currencyCode: "USD" };

test("a use is recorded with the app's own transaction, or not at all", async () => {
  const t = await ledgerUnderTest();
  const { text, values } = t.ledger.record({ shop: t.domain, id: "1", meter: "emails", price });
  const client = await t.pool.connect();
  await client.query("begin");
  await client.query(text, values);
  await client.query("rollback");
  client.release();
  expect(await t.ledger.charge(t.domain)).toMatchObject({ sealed: 0, charged: 0 });
  expect(t.admin.ledger).toHaveLength(0);
  expect(await t.value("select count(*)::int from usage_ledger.uses")).toBe(0);
});

test("many uses are one statement, and each counts once however often it is recorded", async () => {
  const t = await ledgerUnderTest();
  const uses = Array.from({ length: 100 }, (_, n) => ({
    shop: t.domain,
    id: `${n}`,
    meter: "emails",
    price,
  }));
  expect(await t.record(t.ledger.record([...uses, ...uses]))).toEqual({
    recorded: 100,
    differing: 0,
  });
  expect(await t.record(t.ledger.record(uses))).toEqual({ recorded: 0, differing: 0 });
  const statements = [uses.slice(0, 60), uses.slice(40)].map((part) =>
    t.ledger.record(part.map((use) => ({ ...use, meter: "sms" }))),
  );
  const recorded = await Promise.all(statements.map(t.record));
  expect(recorded.reduce((sum, row) => sum + row.recorded, 0)).toBe(100);
});

test("the same id in another meter or shop is another use", async () => {
  const t = await ledgerUnderTest();
  const use = { shop: t.domain, id: "1", meter: "emails", price };
  const others = [
    { ...use, meter: "sms" },
    { ...use, shop: "other.myshopify.com" },
  ];
  expect(await t.record(t.ledger.record([use, ...others]))).toEqual({ recorded: 3, differing: 0 });
});

test("what is strange in a text comes back as it was", async () => {
  const t = await ledgerUnderTest();
  const id = `"quoted" 'single' \\ $1 {json} 😀 é`;
  await t.record(t.ledger.record({ shop: "Example.myshopify.com", id, meter: "e-mails", price }));
  expect(await t.rows("select shop, id from usage_ledger.uses")).toEqual([{ shop: t.domain, id }]);
});

test.each([
  [{ shop: "example.com" }, "shop must be a domain such as"],
  [
    { shop: "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" },
    'shop must be a domain such as "example.myshopify.com", got "[redacted]"',
  ],
  [{ meter: "" }, "meter must be text of 1 to 255 characters"],
  [{ id: "a\nb" }, "id must be text"],
  [
    { price: { amount: "1,50", currencyCode: "USD" } },
    'price.amount must be a decimal string of at most 64 characters such as "1.50", got "1,50"',
  ],
  [{ price: { amount: Number.NaN, currencyCode: "USD" } }, "price.amount must be a decimal string"],
  [
    { price: { amount: "1", currencyCode: "usd" } },
    'price.currencyCode must be a code such as "USD", got "usd"',
  ],
  [{ price: undefined }, "price is missing; give it, or unitPrice instead"],
  [{ unitPrice: price }, "price and unitPrice are both given"],
  [{ price: null }, "price must be an amount with its currencyCode, got null"],
  [{ quantity: "many" }, "quantity must be a decimal string"],
  [{ usedAt: "yesterday" }, "usedAt must be a Date or an ISO 8601 string"],
  [{ usedAt: null }, "usedAt must be a Date or an ISO 8601 string"],
  [{ usedAt: 1_764_127_964 }, "usedAt must be a Date or an ISO 8601 string"],
  [
    { usedAt: new Date(8.64e15) },
    'usedAt must be a time in the years 1 to 9999, got "+275760-09-13T00:00:00.000Z"',
  ],
  [{ usedAt: new Date(-8.64e15) }, "usedAt must be a time in the years 1 to 9999"],
  [{ usedAt: "0000-01-01T00:00:00Z" }, "usedAt must be a time in the years 1 to 9999"],
  [{ id: "a\0b" }, "id must be text without control characters"],
  [{ id: "a\uD83D" }, "id must be well-formed Unicode, without half of a surrogate pair"],
  [{ meter: "\uDE00" }, "meter must be well-formed Unicode"],
])("%j is refused before anything is written", async (wrong, message) => {
  const t = await ledgerUnderTest({ migrated: false });
  const use = { shop: t.domain, id: "1", meter: "emails", price, ...wrong } as Use; // wrong on purpose
  expect(() => t.ledger.record(use)).toThrow(message);
});

test("the first and the last time that are accepted can be stored and charged", async () => {
  const t = await ledgerUnderTest();
  const times = ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"];
  const uses = times.map((usedAt, n) => ({
    shop: t.domain,
    id: `${n}`,
    meter: "m",
    price,
    usedAt,
  }));
  await t.record(t.ledger.record(uses));
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 2 });
});

test.each([undefined, null, "order-1", [undefined]])("record(%j) is refused", async (wrong) => {
  const t = await ledgerUnderTest({ migrated: false });
  expect(() => t.ledger.record(wrong as never)).toThrow("use must be an object");
});

test("a number is recorded as its shortest decimal", async () => {
  const t = await ledgerUnderTest();
  for (const [id, amount] of [1e-7, 1.5e-8, 0.1, 1e21, -2.5].entries()) {
    await t.record(
      t.ledger.record({
        shop: t.domain,
        id: `${id}`,
        meter: "m",
        price: { amount, currencyCode: "USD" },
      }),
    );
  }
  expect(
    (await t.rows("select price::text from usage_ledger.uses order by id")).map(
      ({ price }) => price,
    ),
  ).toEqual(["0.0000001", "0.000000015", "0.1", "1000000000000000000000", "-2.5"]);
});
