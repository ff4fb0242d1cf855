import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessTokenOf } from "../soak/plan.js";
import { bundlePrograms, type Programs } from "../soak/programs.js";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { ledgerUnderTest } from "./ledger-under-test.js";

let programs: Programs;
const children: ChildProcess[] = [];
beforeAll(async () => {
  programs = await bundlePrograms();
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await programs.remove();
});

test("a worker stopped past its claim, its answers lost, charges nothing twice when it is woken", async () => {
  const t = await ledgerUnderTest({
    now: undefined,
    claimFor: 1000,
    concurrency: 4,
    simulator: { clock: "running", now: Date.now() },
  });
  const shop = t.admin.addShop({
    shop: "stopped.myshopify.com",
    accessToken: accessTokenOf("stopped.myshopify.com"),
  });
  shop.createSubscription({
    cappedAmount: { amount: "10000", currencyCode: "USD" },
    status: "ACTIVE",
  });
  const { endpoint, close } = await t.admin.listen(0);
  const uses = Array.from({ length: 40 }, (_, n) => ({
    shop: shop.domain,
    id: `order-${n}`,
    meter: "emails",
    price: { amount: "1.25", currencyCode: "USD" },
  }));
  await t.record(t.ledger.record(uses));
  const worker = programs.start("worker", {
    database: t.url,
    endpoint: endpoint("2026-10"),
    rollUp: "each",
    onCap: "split",
    claimFor: 1000,
    concurrency: 4,
  });
  children.push(worker);
  // In the middle of its charges: some are made and their answers lost, some are on their way.
  await new Promise<void>((resolve) => {
    t.admin.on("usageRecord", () => {
      if (t.admin.ledger.length !== 10) return;
      t.admin.faults.next("lostAfter", 3, "mutations");
      worker.kill("SIGSTOP");
      resolve();
    });
  });
  const client = createUsageBillingClient({
    shop: shop.domain,
    accessToken: accessTokenOf(shop.domain),
    fetch: t.admin.fetch,
  });
  const other = t.another({ billingFor: () => client });
  while ((await other.charge(shop.domain)).state === "busy") await delay(50);
  await other.charge(shop.domain);
  expect(t.admin.ledger).toHaveLength(40);

  worker.kill("SIGCONT");
  await t.record(
    t.ledger.record({
      shop: shop.domain,
      id: "later",
      meter: "emails",
      price: { amount: "2", currencyCode: "USD" },
    }),
  );
  // The woken worker finds out about its claim, and goes on with what is due.
  while (t.admin.ledger.length < 41) await delay(50);
  await delay(500);
  expect(new Set(t.admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(41);
  expect(t.admin.ledger).toHaveLength(41);
  expect(
    await t.value("select count(*)::int from usage_ledger.charges where state <> 'charged'"),
  ).toBe(0);
  expect(await t.value("select difference = 0 from usage_ledger.books")).toBe(true);
  worker.kill("SIGKILL");
  await close();
});
