import { createUsageBillingClient } from "shopify-usage-billing";
import { lineItemId } from "../charge.js";
import { readOnCommand } from "../reading.js";

readOnCommand(async (endpoint, each) => {
  const shop = "shop-0.myshopify.com";
  const billing = createUsageBillingClient({ shop, accessToken: "shpat_0", endpoint });
  for await (const record of billing.usageRecords({ subscriptionLineItemId: lineItemId })) {
    each(record);
  }
});
