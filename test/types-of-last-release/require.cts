// A CommonJS app: Node loads the package's modules by `require` from 20.19 on.
import billing = require("shopify-usage-billing/2026-10");
import testing = require("shopify-usage-billing/testing");

async function main(): Promise<void> {
  const admin = testing.createAdminSimulator();
  const shop = "example.myshopify.com";
  const accessToken = "shpat_commonjs";
  const installed = admin.addShop({ shop, accessToken });
  const cappedAmount = { amount: "10.00", currencyCode: "USD" };
  installed.approve(installed.createSubscription({ cappedAmount }).id);
  const client = billing.createUsageBillingClient({ shop, accessToken, fetch: admin.fetch });
  const result = await client.createUsageRecord({
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
  });
  const amount = result.ok ? result.usageRecord.price.amount : null;
  console.log(JSON.stringify({ ok: result.ok, amount }));
}

void main();
