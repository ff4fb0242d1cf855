import { createUsageBillingClient } from "shopify-usage-billing";
import { accessTokenOf, lineItemId } from "../charge.js";
import { readOnCommand } from "../reading.js";

const accessToken = accessTokenOf(0);

readOnCommand(async (endpoint, each) => {
  const shop = "shop-0.myshopify.com";
  const billing = createUsageBillingClient({ shop, accessToken, endpoint });
  const records = billing.usageRecords({ subscriptionLineItemId: lineItemId });
  for await (const page of records.pages()) {
    for (const record of page) each(record);
  }
});
