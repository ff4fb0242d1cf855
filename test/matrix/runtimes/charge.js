// Charges once at the endpoint that it is given, in whatever runtime runs it.
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";

export async function charge(endpoint) {
  const billing = createUsageBillingClient({
    shop: "example.myshopify.com",
    accessToken: "shpat_runtimes",
    endpoint,
  });
  const input = {
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
    idempotencyKey: "runtimes-1",
  };
  const first = await billing.createUsageRecord(input);
  const again = await billing.createUsageRecord(input);
  const records = [];
  for await (const { id } of billing.usageRecords()) records.push(id);
  return {
    ok: first.ok && again.ok && first.usageRecord.id === again.usageRecord.id,
    amount: first.ok ? first.usageRecord.price.amount : null,
    records: records.length,
  };
}
