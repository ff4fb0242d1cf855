import { createAdminSimulator } from "../../src/testing/index.js";
import { createUsageBillingClient } from "../../src/versions/2026-10.js";
import { billingOverview, extendTrial } from "./billing.js";

// A simulated shop takes the place of a real one.
const admin = createAdminSimulator();
const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "token" });
const subscription = shop.createSubscription({
  name: "Emails",
  cappedAmount: { amount: "100.00", currencyCode: "USD" },
  trialDays: 14,
});
shop.approve(subscription.id);

const billing = createUsageBillingClient({
  shop: "example.myshopify.com",
  accessToken: "token",
  fetch: admin.fetch,
});

for (const line of await billingOverview(billing)) console.log(line);
console.log(await extendTrial(billing, subscription.id, 7));
console.log(await extendTrial(billing, "gid://shopify/AppSubscription/999", 7));
