import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ledgerUnderTest } from "../test/ledger-under-test.js";
import * as readme from "./readme.js";

function dedent(code: string): string {
  const indent = /^ */.exec(code)?.[0] ?? "";
  return code.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim();
}

test("all TypeScript in the README is compiled here", () => {
  const source = readFileSync(new URL("readme.ts", import.meta.url), "utf8");
  const regions = [...source.matchAll(/\/\/ #region .*\n([^]*?)\n *\/\/ #endregion/g)].map(
    ([, code = ""]) => dedent(code),
  );
  const page = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const shown = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, code = ""]) =>
    code.replaceAll(/^import .*\n/gm, "").trim(),
  );
  expect(shown.toSorted()).toEqual(regions.toSorted());
});

test("and runs", async () => {
  const t = await ledgerUnderTest({ migrated: false, cap: "10" });
  await t.pool.query("create table orders (id text primary key, mailed boolean)");
  const events: string[] = [];
  const app: readme.App = {
    pool: t.pool,
    clients: { get: t.clientFor },
    shop: t.domain,
    order: { id: "order-1" },
    log: ({ type }) => events.push(type),
  };
  const ledger = readme.create(app);
  await readme.migrate(ledger);
  await readme.record(app, ledger);
  await readme.record(app, ledger);
  await readme.charge(ledger);
  await readme.changePlan(ledger, t.domain);
  expect(t.admin.ledger.map(({ description, price }) => [description, price.amount])).toEqual([
    ["250 emails", "0.37"],
  ]);
  expect(events).toEqual(["sealed", "charged"]);
  expect(await readme.mayUse(ledger, t.domain)).toBe(true);
  await readme.resume(ledger, t.domain);
  await readme.decide(ledger, t.domain);
  await readme.forget(ledger);
  expect(await readme.reconcile(ledger, t.domain, new Date("2026-01-01"))).toEqual([]);
});
