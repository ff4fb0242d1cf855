import { expect, test } from "vitest";
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

test("run charges every shop that is due, goes on after failures, and ends with its signal", async () => {
  const t = await ledgerUnderTest();
  const second = t.admin.addShop({
    shop: "second.myshopify.com",
    accessToken: "shpat_second.myshopify.com",
  });
  second.createSubscription({
    cappedAmount: { amount: "50", currencyCode: "USD" },
    status: "ACTIVE",
  });
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
