import type { Client } from "@urql/core";
import * as main from "shopify-usage-billing";
import * as january2025 from "shopify-usage-billing/2025-01";
import * as october2026 from "shopify-usage-billing/2026-10";
import { expectTypeOf, test } from "vitest";

declare const billing: october2026.UsageBillingClient;
declare const old: january2025.UsageBillingClient;
declare const client: Client;

const CHARGE = { description: "1000 emails", price: { amount: 1, currencyCode: "USD" } } as const;

test("the main entry is that of 2025-01", () => {
  expectTypeOf(main.createUsageBillingClient).toEqualTypeOf(january2025.createUsageBillingClient);
});

test("a charge takes what it needs, and nothing else", () => {
  const calls = (): void => {
    void billing.createUsageRecord(CHARGE);
    void billing.createUsageRecord({ ...CHARGE, idempotencyKey: undefined, isTest: undefined });
    void billing.createUsageRecord(CHARGE, { signal: new AbortController().signal });
    void billing.createUsageRecord(CHARGE, new AbortController());
    // @ts-expect-error -- a description is needed
    void billing.createUsageRecord({ price: CHARGE.price });
    // @ts-expect-error -- a price is needed
    void billing.createUsageRecord({ description: "1000 emails" });
    // @ts-expect-error -- a misspelt key would be ignored
    void billing.createUsageRecord({ ...CHARGE, idempotencykey: "event-1" });
    // @ts-expect-error -- amounts are strings or numbers
    void billing.createUsageRecord({ ...CHARGE, price: { amount: 1n, currencyCode: "USD" } });
    // @ts-expect-error -- null is not a key
    void billing.createUsageRecord({ ...CHARGE, idempotencyKey: null });
  };
  expectTypeOf(calls).toBeFunction();
});

test("a currency is one that the API version has", () => {
  const price = (currencyCode: october2026.CurrencyCode) => ({
    ...CHARGE,
    price: { amount: 1, currencyCode },
  });
  const calls = (): void => {
    void billing.createUsageRecord(price("EUR"));
    // @ts-expect-error -- a typing mistake
    void billing.createUsageRecord({ ...CHARGE, price: { amount: 1, currencyCode: "UDS" } });
    // @ts-expect-error -- not every text is a currency
    void billing.createUsageRecord(price(String("USD")));
    void billing.createUsageRecord({ ...CHARGE, price: { amount: 1, currencyCode: "USDC" } });
    // @ts-expect-error -- not in 2025-01
    void old.createUsageRecord({ ...CHARGE, price: { amount: 1, currencyCode: "USDC" } });
  };
  expectTypeOf(calls).toBeFunction();
  expectTypeOf<"USDC">().toExtend<october2026.CurrencyCode>();
  expectTypeOf<"UDS">().not.toExtend<october2026.CurrencyCode>();
});

test("a sort key is one that the API version has", () => {
  const calls = (): void => {
    void old.usageRecords({ sortKey: "RELEVANCE" });
    // @ts-expect-error -- in 2025-01 only
    void billing.usageRecords({ sortKey: "RELEVANCE" });
    // @ts-expect-error -- in 2025-01 only
    void billing.subscriptions({ sortKey: "RELEVANCE" });
    void billing.usageRecords({ sortKey: "CREATED_AT" });
  };
  expectTypeOf(calls).toBeFunction();
});

test("the options of a transport and an app's own client exclude each other", () => {
  const { createUsageBillingClient: create } = october2026;
  const shop = "example.myshopify.com";
  const accessToken = "shpat_";
  const calls = (): void => {
    create({ shop, accessToken });
    create({ shop, accessToken: async () => "shpat_" });
    create({
      shop,
      accessToken,
      retry: false,
      timeout: 1_000,
      endpoint: new URL("https://a.example"),
    });
    create({ client });
    create({ client, shop });
    // @ts-expect-error -- a token is needed
    create({ shop });
    // @ts-expect-error -- a shop is needed
    create({ accessToken });
    // @ts-expect-error -- the app's own client has the token
    create({ client, accessToken });
    // @ts-expect-error -- and its own fetch
    create({ client, fetch });
    // @ts-expect-error -- and its own URL
    create({ client, endpoint: "https://a.example" });
    // Retry works in front of it.
    create({ client, retry: false });
    // @ts-expect-error -- and its own timeout
    create({ client, timeout: 1_000 });
    // @ts-expect-error -- unknown
    create({ shop, accessToken, version: "2026-10" });
    // @ts-expect-error -- true is not a retry option
    create({ shop, accessToken, retry: true });
    // @ts-expect-error -- unknown
    create({ shop, accessToken, retry: { tries: 5 } });
  };
  expectTypeOf(calls).toBeFunction();
});

test("a discount is a fraction or an amount, not both", () => {
  const plan = (discount: october2026.DiscountInput) => ({
    name: "Pro",
    returnUrl: "https://app.example/",
    usage: { cappedAmount: CHARGE.price, terms: "1 USD each" },
    recurring: { price: CHARGE.price, discount },
  });
  const calls = (): void => {
    void billing.createSubscription(plan({ percentage: 0.2 }));
    void billing.createSubscription(plan({ amount: "5.00", durationLimitInIntervals: 3 }));
    // @ts-expect-error -- one of the two
    void billing.createSubscription(plan({ percentage: 0.2, amount: 5 }));
    // @ts-expect-error -- one of the two
    void billing.createSubscription(plan({}));
    void billing.createSubscription({
      ...plan({ percentage: 0.2 }),
      replacementBehavior: "APPLY_IMMEDIATELY",
    });
    // @ts-expect-error -- no such behaviour
    void billing.createSubscription({ ...plan({ percentage: 1 }), replacementBehavior: "LATER" });
  };
  expectTypeOf(calls).toBeFunction();
});

test("the input of a bulk run survives in its outcomes", () => {
  const source = [{ ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: "gid" }] as const;
  const run = billing.createUsageRecords(source);
  type Outcome = typeof run extends AsyncGenerator<infer Outcome> ? Outcome : never;
  expectTypeOf<Outcome["input"]>().toEqualTypeOf<(typeof source)[number]>();
  const read = (outcome: Outcome): void => {
    if (outcome.result?.ok) {
      expectTypeOf(outcome.result.usageRecord).toEqualTypeOf<october2026.LeanUsageRecord>();
      // @ts-expect-error -- a bulk run does not ask for the plan, which costs points
      void outcome.result.usageRecord.subscriptionLineItem.plan;
      expectTypeOf(outcome.error).toEqualTypeOf<undefined>();
    } else if (!outcome.result) {
      expectTypeOf(outcome.error).toEqualTypeOf<unknown>();
    }
  };
  expectTypeOf(read).toBeFunction();
});

test("a row's currency is checked at run time, and then known", () => {
  const row: { readonly id: string; readonly amount: string; readonly currency: string } = {
    id: "event-1",
    amount: "1.00",
    currency: "USD",
  };
  const calls = (): void => {
    const { currency: currencyCode } = row;
    const price = { amount: row.amount, currencyCode };
    // @ts-expect-error -- not every text is a currency
    void billing.createUsageRecords([{ ...CHARGE, price, idempotencyKey: row.id }]);
    if (!october2026.isCurrencyCode(currencyCode)) return;
    expectTypeOf(currencyCode).toEqualTypeOf<october2026.CurrencyCode>();
    void billing.createUsageRecords([
      { ...CHARGE, price: { amount: row.amount, currencyCode }, idempotencyKey: row.id },
    ]);
  };
  expectTypeOf(calls).toBeFunction();
  expectTypeOf(main.currencyCodes).toEqualTypeOf<readonly main.CurrencyCode[]>();
});

test("a bulk run takes any iterable of charges, each with its key and nothing that would be refused", () => {
  const charge = { ...CHARGE, idempotencyKey: "event-1" };
  async function* source() {
    yield charge;
  }
  async function* rows() {
    yield { ...charge, row: 1 };
  }
  const calls = (): void => {
    void billing.createUsageRecords([charge]);
    void billing.createUsageRecords(new Set([charge]), { concurrency: 5 });
    void billing.createUsageRecords(source());
    void billing.createUsageRecords([]);
    void billing.createUsageRecords([{ ...charge, context: { row: 1 } }]);
    void billing.createUsageRecords([charge].map((each) => Object.assign(each, { isTest: true })));
    void billing.createUsageRecords(
      [1, 2].map((row) => ({
        description: "1000 emails",
        price: { amount: row, currencyCode: "USD" },
        idempotencyKey: `row-${row}`,
      })),
    );
    void billing.createUsageRecords(JSON.parse("[]"));
    void billing.createUsageRecords([charge], { stopOn: "refusal" });
    void billing.createUsageRecords([charge], { stopOn: ["CAPPED_AMOUNT_EXCEEDED"] });
    // @ts-expect-error -- there is no such code
    void billing.createUsageRecords([charge], { stopOn: ["CAPPED"] });
    // @ts-expect-error -- the key may be missing
    void billing.createUsageRecords([{ ...charge, idempotencyKey: undefined }]);
    // @ts-expect-error -- without key
    void billing.createUsageRecords([CHARGE]);
    // @ts-expect-error -- unknown fields are refused
    void billing.createUsageRecords(rows());
    // @ts-expect-error -- one charge is not a list
    void billing.createUsageRecords(charge);
    // @ts-expect-error -- unknown option
    void billing.createUsageRecords([charge], { parallel: 5 });
  };
  expectTypeOf(calls).toBeFunction();
});
