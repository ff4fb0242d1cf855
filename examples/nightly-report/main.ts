/**
 * Prints what the shops were charged yesterday: `npx tsx examples/nightly-report/main.ts`.
 *
 * The shops are simulated here; an app takes them from its session storage.
 */
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { fromSession, type ShopifySession } from "shopify-usage-billing/shopify";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { dayBefore, printReport, usageReport } from "./report.js";

const HOUR = 60 * 60 * 1000;
const yesterday = dayBefore(new Date());

const admin = createAdminSimulator();
const sessions: ShopifySession[] = ["first.myshopify.com", "second.myshopify.com"].map((shop) => {
  const accessToken = `token of ${shop}`.replaceAll(" ", "-");
  const installed = admin.addShop({ shop, accessToken });
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  installed.createSubscription({ cappedAmount, status: "ACTIVE" });
  installed.addUsageRecords(
    Array.from({ length: 30 }, (_, index) => ({
      price: "0.10",
      description: index % 3 === 0 ? "100 texts" : "1000 emails",
      createdAt: yesterday.from.getTime() - 3 * HOUR + index * HOUR,
    })),
  );
  return { shop, accessToken };
});

for (const session of sessions) {
  const billing = createUsageBillingClient({ ...fromSession(session), fetch: admin.fetch });
  console.log(printReport(session.shop, yesterday, await usageReport(billing, yesterday)));
}
