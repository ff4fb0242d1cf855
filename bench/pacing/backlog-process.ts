/**
 * A process with a backlog of charges, all handed to one client at once. It starts when it is told
 * to, so that several start together, and tells when the last one was made.
 */
import { createUsageBillingClient, type UsageBillingClientOptions } from "shopify-usage-billing";

const [endpoint = "", name = "", count = "0"] = process.argv.slice(2);

async function charge(shop: string, key: string, charges: number): Promise<void> {
  const options: UsageBillingClientOptions = {
    shop: `${shop}.myshopify.com`,
    accessToken: `shpat_${shop}`,
    endpoint,
  };
  const billing = createUsageBillingClient(options);
  const lineItem = await billing.activeUsageLineItem();
  if (!lineItem) throw new Error(`${shop} has no active usage line item`);
  const all = Array.from({ length: charges }, async (_, index) => {
    const result = await billing.createUsageRecord({
      description: "1000 emails",
      price: { amount: "0.01", currencyCode: "USD" },
      idempotencyKey: `${key}-${index}`,
      subscriptionLineItemId: lineItem.id,
    });
    if (!result.ok) throw new Error(result.userErrors[0].message);
  });
  await Promise.all(all);
}

// The code is compiled and the connections are made before it counts.
await charge("warm-up", name, 1_000);
process.send?.("ready");
process.once("message", async () => {
  await charge("backlog", name, Number(count));
  process.send?.("done");
  process.disconnect();
});
