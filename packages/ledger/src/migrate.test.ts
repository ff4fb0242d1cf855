import { readdir, readFile } from "node:fs/promises";
import { Pool } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { embedded } from "../scripts/embed-migrations.js";
import { ledgerUnderTest } from "../test/ledger-under-test.js";
import { createDatabase } from "../test/postgres-server.js";
import { createUsageLedger, migrations } from "./index.js";

const use = (shop: string) => ({
  shop,
  id: "order-1",
  meter: "emails",
  price: { amount: "1", currencyCode: "USD" },
});

test("any number of processes may migrate at once", async () => {
  const t = await ledgerUnderTest({ migrated: false });
  const ledgers = Array.from({ length: 8 }, () => t.another());
  await Promise.all(ledgers.map(async (ledger) => await ledger.migrate()));
  await Promise.all(ledgers.map(async (ledger) => await ledger.migrate()));
  expect(await t.value("select count(*)::int from usage_ledger.migrations")).toBe(
    migrations.length,
  );
});

test("the files are what migrate applies, and the app's own tool may apply them instead", async () => {
  expect(await readFile(new URL("migrations.ts", import.meta.url), "utf8")).toBe(await embedded());
  const folder = new URL("../migrations/", import.meta.url);
  const t = await ledgerUnderTest({ migrated: false });
  for (const file of (await readdir(folder)).sort()) {
    await t.pool.query(await readFile(new URL(file, folder), "utf8"));
  }
  await t.ledger.migrate();
  await t.record(t.ledger.record(use(t.domain)));
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
});

test("a migration that fails half-way leaves nothing behind", async () => {
  const t = await ledgerUnderTest({ migrated: false });
  const failing = t.another({
    database: {
      query: async (text, values) =>
        await t.pool.query(text.replace("create view", "create nonsense"), values),
    },
  });
  await expect(failing.migrate()).rejects.toThrow("syntax error");
  expect(await t.value("select to_regnamespace('usage_ledger') is null")).toBe(true);
  await t.ledger.migrate();
});

test("without the tables, every call says what to do", async () => {
  const t = await ledgerUnderTest({ migrated: false });
  await expect(t.ledger.charge(t.domain)).rejects.toMatchObject({
    name: "LedgerSchemaError",
    message: expect.stringContaining("call ledger.migrate()"),
  });
});

test("an older worker goes on with tables that it still understands, and says so of others", async () => {
  const t = await ledgerUnderTest();
  await t.record(t.ledger.record(use(t.domain)));
  const newer = migrations.length + 1;
  await t.pool.query("insert into usage_ledger.migrations (number, requires) values ($1, 1)", [
    newer,
  ]);
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  await t.pool.query("update usage_ledger.migrations set requires = $1 where number = $1", [newer]);
  await expect(t.ledger.charge(t.domain)).rejects.toMatchObject({
    name: "LedgerSchemaError",
    message: expect.stringContaining("Update the package"),
  });
  // It does not keep the shop from a worker that is up to date.
  expect(await t.value("select claimed_by is null from usage_ledger.shops")).toBe(true);
});

test("a database that is given as a function is enough", async () => {
  const pool = new Pool({ connectionString: await createDatabase(inject("postgres")) });
  onTestFinished(async () => await pool.end());
  const ledger = createUsageLedger({
    // As postgres.js and Prisma answer: the rows alone.
    database: { query: async (text, values) => (await pool.query(text, values)).rows },
    billingFor: () => Promise.reject(new Error("not asked")),
  });
  await ledger.migrate();
  expect(await ledger.due()).toEqual([]);
});
