import { createUsageBillingClient } from "shopify-usage-billing";
import { accessTokenOf, lineItemId } from "../charge.js";
import { readOnCommand } from "../reading.js";

const accessToken = accessTokenOf(0);

readOnCommand(async (endpoint, each) => {
  const shop = "shop-0.myshopify.com";
  const billing = createUsageBillingClient({ shop, accessToken, endpoint });
  for await (const record of billing.usageRecords({ subscriptionLineItemId: lineItemId })) {
    each(record);
  }
});
