import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { expect, onTestFinished, test, vi } from "vitest";
import { ledgerUnderTest, type LedgerUnderTest } from "../test/ledger-under-test.js";
import { boundAnswers } from "./answer-within.js";
import { BillingTimeoutError, type Billing } from "./index.js";

const ANSWER_WITHIN = 200;

async function use(t: LedgerUnderTest, ids: readonly string[]) {
  const price = { amount: "1", currencyCode: "USD" };
  const uses = ids.map((id) => ({ shop: t.domain, id, meter: "emails", price }));
  await t.record(t.ledger.record(uses));
}

const never = async (): Promise<never> => await new Promise(() => undefined);
const nothing = { [Symbol.asyncIterator]: () => ({ next: never }) };

/** A client as it is, but for some of its methods. */
function clientBut(t: LedgerUnderTest, methods: Partial<Billing>): Billing {
  const billing: Billing = t.clientFor(t.domain);
  return {
    createUsageRecords: billing.createUsageRecords,
    activeUsageLineItem: billing.activeUsageLineItem,
    subscriptions: billing.subscriptions,
    usageRecords: billing.usageRecords,
    ...methods,
  };
}

test.each<[string, string | null, (t: LedgerUnderTest) => Billing | Promise<Billing>]>([
  ["billingFor", "10", never],
  ["the look at the plan", "10", (t) => clientBut(t, { activeUsageLineItem: never })],
  ["the list of plans", null, (t) => clientBut(t, { subscriptions: () => nothing })],
  ["a charge", "10", (t) => clientBut(t, { createUsageRecords: () => nothing })],
])("if %s never answers, the shop goes to the next worker", async (_, cap, billingFor) => {
  const t = await ledgerUnderTest({ cap });
  await use(t, ["1"]);
  const hanging = t.another({ answerWithin: ANSWER_WITHIN, billingFor: () => billingFor(t) });
  await expect(hanging.charge(t.domain)).rejects.toThrow(BillingTimeoutError);
  expect(await t.rows("select claimed_by from usage_ledger.shops")).toEqual([{ claimed_by: null }]);
  t.shop.createSubscription({
    cappedAmount: { amount: "10", currencyCode: "USD" },
    status: "ACTIVE",
  });
  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  expect(t.admin.ledger).toHaveLength(1);
});

test("a charge that a hanging client sends after all is the one that the next worker has made", async () => {
  const t = await ledgerUnderTest();
  await use(t, ["1", "2", "3"]);
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const late: Promise<unknown>[] = [];
  /** Holds back the second charge, and hears of no signal. */
  const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const text = String(init?.body);
    const isSecond = text.includes("appUsageRecordCreate") && text.includes(second);
    if (!isSecond) return await t.admin.fetch(url, init);
    const sent = gate.then(async () => await t.admin.fetch(url, { ...init, signal: null }));
    late.push(sent);
    return await sent;
  };
  const client = createUsageBillingClient({
    shop: t.domain,
    accessToken: "shpat_test",
    fetch,
    timeout: 2_000_000_000,
    retry: false,
  });
  await t.ledger.close(t.domain);
  const [, charge] = await t.rows("select key from usage_ledger.charges order by id");
  const second = String(charge?.["key"]);
  const hanging = t.another({ answerWithin: 2000, billingFor: () => client });
  await expect(hanging.charge(t.domain)).rejects.toThrow(
    `The billing client of ${t.domain} has not answered for 2000 ms`,
  );
  expect(t.admin.ledger).toHaveLength(2);
  expect(
    await t.rows("select key, state from usage_ledger.charges where state <> 'charged'"),
  ).toEqual([{ key: second, state: "sent" }]);

  expect(await t.ledger.charge(t.domain)).toMatchObject({ charged: 1 });
  open();
  await Promise.all(late);
  expect(late).toHaveLength(1);
  expect(t.admin.ledger).toHaveLength(3);
  expect(await t.value("select count(*)::int from usage_ledger.charges")).toBe(3);
});

test("the bound is on each answer, not on a backlog", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const billing = {
    async *createUsageRecords(inputs: AsyncIterable<never>) {
      for await (const input of inputs) {
        await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN - 1));
        yield input;
      }
    },
  } as unknown as Billing; // nothing else is asked of it
  const inputs = (async function* () {
    yield* Array.from({ length: 20 }, (_, n) => n as never);
  })();
  const bounded = boundAnswers(billing, "example.myshopify.com", ANSWER_WITHIN);
  let outcomes = 0;
  const all = (async () => {
    for await (const _ of bounded.createUsageRecords(inputs, { concurrency: 1 })) outcomes += 1;
  })();
  await vi.advanceTimersByTimeAsync(20 * ANSWER_WITHIN);
  await all;
  expect(outcomes).toBe(20);
});
