import { createUsageBillingClient } from "shopify-usage-billing";
import { description, lineItemId, price } from "../charge.js";
import { contend } from "../charging.js";

// With its defaults: retry and pacing on, `meta` filled.
contend((shop) => {
  const billing = createUsageBillingClient(shop);
  return async (idempotencyKey) => {
    const result = await billing.createUsageRecord({
      subscriptionLineItemId: lineItemId,
      description,
      price,
      idempotencyKey,
    });
    if (!result.ok || result.meta.cost === null) throw new Error("Nothing was charged");
    return result.usageRecord;
  };
});
