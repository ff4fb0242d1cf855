import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";
import { expect, onTestFinished, test } from "vitest";
import { ledgerUnderTest, DOMAIN } from "../test/ledger-under-test.js";
import type { LedgerEvent } from "./index.js";

/** Resolves when a ledger has emitted what is waited for. */
function until(): {
  onEvent: (event: LedgerEvent) => void;
  seen: (is: (event: LedgerEvent) => boolean) => Promise<void>;
} {
  const waiting: { is: (event: LedgerEvent) => boolean; done: () => void }[] = [];
  return {
    onEvent: (event) => {
      for (const { is, done } of waiting) if (is(event)) done();
    },
    seen: async (is) => await new Promise((done) => waiting.push({ is, done })),
  };
}

function addSecondShop(admin: AdminSimulator): Shop {
  const shop = "second.myshopify.com";
  const second = admin.addShop({ shop, accessToken: `shpat_${shop}` });
  second.createSubscription({
    cappedAmount: { amount: "50", currencyCode: "USD" },
    status: "ACTIVE",
  });
  return second;
}

test("run charges every shop that is due, goes on after failures, and ends with its signal", async () => {
  const t = await ledgerUnderTest();
  const second = addSecondShop(t.admin);
  const { onEvent, seen } = until();
  let down = false;
  const ledger = t.another({
    onEvent,
    now: undefined,
    claimFor: 500,
    database: {
      query: async (text, values) => {
        if (down) throw new Error("the database is restarting");
        return await t.pool.query(text, values);
      },
    },
  });
  const price = { amount: "1", currencyCode: "USD" };
  const record = async (shop: string, id: string) =>
    await t.record(ledger.record({ shop, id, meter: "emails", price }));
  await record(DOMAIN, "1");
  await record(second.domain, "1");
  const controller = new AbortController();
  const both = Promise.all(
    [DOMAIN, second.domain].map(
      async (shop) => await seen((event) => event.type === "charged" && event.shop === shop),
    ),
  );
  const running = ledger.run({ signal: controller.signal, pollInterval: 10 });
  await both;

  const failed = seen((event) => event.type === "error" && event.shop === null);
  down = true;
  await failed;
  await record(DOMAIN, "2").catch(() => undefined);
  down = false;
  const again = seen((event) => event.type === "charged");
  await record(DOMAIN, "3");
  await again;
  controller.abort();
  await running;
  expect(t.admin.ledger.length).toBeGreaterThanOrEqual(3);
});

const use = (shop: string, id: string) => ({
  shop,
  id,
  meter: "emails",
  price: { amount: "1", currencyCode: "USD" },
});

test("a shop that falls due is charged while another one's long backlog is worked off", async () => {
  const t = await ledgerUnderTest();
  const second = addSecondShop(t.admin);
  const { onEvent, seen } = until();
  let asked = (): void => undefined;
  const backlog = new Promise<void>((resolve) => (asked = resolve));
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const ledger = t.another({
    onEvent,
    billingFor: async (shop) => {
      if (shop === DOMAIN) {
        asked();
        await released;
      }
      return t.clientFor(shop);
    },
  });
  await t.record(ledger.record(use(DOMAIN, "1")));
  const controller = new AbortController();
  const running = ledger.run({ signal: controller.signal, pollInterval: 10, shops: 2 });
  await backlog;
  const charged = seen((event) => event.type === "charged" && event.shop === second.domain);
  await t.record(ledger.record(use(second.domain, "1")));
  await charged;
  expect(t.admin.ledger.map(({ shop }) => shop)).toEqual([second.domain]);
  release();
  controller.abort();
  await running;
});

test("a shop that fails at once is not tried again before the next look", async () => {
  const t = await ledgerUnderTest();
  await t.record(t.ledger.record(use(DOMAIN, "1")));
  await t.pool.query("update usage_ledger.migrations set requires = 99");
  const { onEvent, seen } = until();
  const failures: LedgerEvent[] = [];
  const ledger = t.another({
    onEvent: (event) => {
      failures.push(event);
      onEvent(event);
    },
  });
  const failed = seen((event) => event.type === "error");
  const controller = new AbortController();
  const running = ledger.run({ signal: controller.signal, pollInterval: 60_000 });
  await failed;
  // Time enough for many more.
  for (let n = 0; n < 50; n += 1) await ledger.due();
  controller.abort();
  await running;
  expect(failures).toMatchObject([{ type: "error", error: { name: "LedgerSchemaError" } }]);
});

test("charging many shops at once warns of no leak", async () => {
  const t = await ledgerUnderTest();
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const shops = Array.from({ length: 12 }, (_, n) => `shop-${n}.myshopify.com`);
  await t.record(t.ledger.record(shops.map((shop) => use(shop, "1"))));
  const asked = new Set<string>();
  const controller = new AbortController();
  let end = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new Error("The test is over"));
  });
  ended.catch(() => undefined);
  const ledger = t.another({
    billingFor: async (shop) => {
      asked.add(shop);
      if (asked.size === shops.length) {
        controller.abort();
        end();
      }
      return await ended;
    },
  });
  await ledger.run({ signal: controller.signal, pollInterval: 10, shops: 12 });
  expect(warnings).toEqual([]);
});
