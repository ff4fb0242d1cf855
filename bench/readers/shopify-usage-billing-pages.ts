import { createUsageBillingClient } from "shopify-usage-billing";
import { lineItemId } from "../charge.js";
import { readOnCommand } from "../reading.js";

readOnCommand(async (endpoint, each) => {
  const shop = "shop-0.myshopify.com";
  const billing = createUsageBillingClient({ shop, accessToken: "shpat_0", endpoint });
  const records = billing.usageRecords({ subscriptionLineItemId: lineItemId });
  for await (const page of records.pages()) {
    for (const record of page) each(record);
  }
});
