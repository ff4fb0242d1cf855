/**
 * A process with a backlog of charges, all passed to one client at once. It starts on a message,
 * so that several processes start together, and reports when the last charge was made.
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

// Before the measurement: compiles the code and opens the connections.
await charge("warm-up", name, 1_000);
process.send?.("ready");
process.once("message", async () => {
  await charge("backlog", name, Number(count));
  process.send?.("done");
  process.disconnect();
});
