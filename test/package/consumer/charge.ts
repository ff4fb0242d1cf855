// A strict app that knows nothing of this repository: compiled and run against the installed tarball.
import {
  AppUsageRecordCreateDocument,
  createUsageBillingClient,
  InvalidInputError,
  UsageBillingError,
  type CreateUsageRecordResult,
  type UsageRecord,
  type UsageRecordUserErrorCode,
} from "shopify-usage-billing";
import {
  createUsageBillingClient as createNewest,
  type CurrencyCode as NewestCurrencyCode,
} from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { adminExchange } from "shopify-usage-billing/urql";
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
const assert = <_Is extends true>(): void => undefined;

// Types tell the truth where they are consumed.
assert<Equal<IsAny<typeof AppUsageRecordCreateDocument>, false>>();
assert<Equal<IsAny<ResultOf<typeof AppUsageRecordCreateDocument>>, false>>();
assert<Equal<VariablesOf<typeof AppUsageRecordCreateDocument>["idempotencyKey"], string>>();
assert<Equal<UsageRecord["price"]["amount"], string>>();
assert<Equal<Extract<NewestCurrencyCode, "USDC">, "USDC">>();
assert<Equal<IsAny<ReturnType<typeof adminExchange>>, false>>();
void [AppUsageRecordCreateDocument, adminExchange];

function read(result: CreateUsageRecordResult): UsageRecord | UsageRecordUserErrorCode {
  if (result.ok) {
    // @ts-expect-error a success has no user errors
    void result.userErrors;
    return result.usageRecord;
  }
  // @ts-expect-error a refusal has no record
  void result.usageRecord;
  return result.userErrors[0].code;
}

const shop = "example.myshopify.com";
const accessToken = "shpat_consumer";
const admin = createAdminSimulator();
const installed = admin.addShop({ shop, accessToken });
const cappedAmount = { amount: "10.00", currencyCode: "USD" };
const { id } = installed.createSubscription({ cappedAmount, test: true });
installed.approve(id);
const { endpoint, close } = await admin.listen();
try {
  const billing = createUsageBillingClient({ shop, accessToken, endpoint: endpoint("2025-01") });
  const price = { amount: "1.00", currencyCode: "USD" } as const;
  const charge = { description: "1000 emails", price, idempotencyKey: "event-1" };
  const made = read(await billing.createUsageRecord(charge));
  if (typeof made === "string") throw new Error(made);

  const newest = createNewest({ shop, accessToken, endpoint: endpoint("2026-10") });
  const repeated = await newest.createUsageRecord(charge);
  if (!repeated.ok || repeated.usageRecord.id !== made.id) throw new Error("not the same record");

  const above = read(
    await billing.createUsageRecord({
      ...charge,
      price: { ...price, amount: 99 },
      idempotencyKey: "event-2",
    }),
  );
  if (above !== "CAPPED_AMOUNT_EXCEEDED") throw new Error("the cap was passed");

  try {
    // @ts-expect-error there is no currency UDS
    await billing.createUsageRecord({ ...charge, price: { amount: "0", currencyCode: "UDS" } });
    throw new Error("an amount of zero was sent");
  } catch (error) {
    if (!(error instanceof InvalidInputError) || !(error instanceof UsageBillingError)) throw error;
  }
  if (admin.ledger.length !== 1) throw new Error(`${admin.ledger.length} charges`);
  console.log(
    JSON.stringify({ id: made.id, amount: made.price.amount, ledger: admin.ledger.length }),
  );
} finally {
  await close();
}
