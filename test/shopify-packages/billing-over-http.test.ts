import "@shopify/shopify-api/adapters/web-api";
import {
  ApiVersion,
  BillingInterval,
  LogSeverity,
  Session,
  shopifyApi,
  type BillingConfigSubscriptionLineItemPlan,
} from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
  type SimulatorListener,
} from "../../src/testing/index.js";

const SHOP = "example.myshopify.com";
const PLAN = {
  lineItems: [
    { interval: BillingInterval.Every30Days, amount: 10, currencyCode: "USD" },
    { interval: BillingInterval.Usage, amount: 100, currencyCode: "USD", terms: "$1 an email" },
  ],
} satisfies BillingConfigSubscriptionLineItemPlan;

const shopify = shopifyApi({
  apiKey: "key",
  apiSecretKey: "secret",
  hostName: "app.example",
  apiVersion: ApiVersion.July26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
  billing: { Growth: PLAN },
});
const session = new Session({
  id: `offline_${SHOP}`,
  shop: SHOP,
  state: "",
  isOnline: false,
  accessToken: "shpat_example",
});

let admin: AdminSimulator;
let shop: Shop;
let listener: SimulatorListener;

beforeEach(async () => {
  admin = createAdminSimulator();
  shop = admin.addShop({ shop: SHOP, accessToken: "shpat_example" });
  listener = await admin.listen();
  // The package only knows the shop's own address.
  setAbstractFetchFunc((input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return fetch(new URL(url.pathname, listener.url), init);
  });
});

afterEach(() => listener.close());

test("billing.request, check, createUsageRecord, updateUsageCappedAmount and cancel", async () => {
  const { billing } = shopify;
  const url = await billing.request({ session, plan: "Growth", isTest: true });
  expect(new URL(String(url)).origin).toBe(listener.url);
  const [subscription] = shop.subscriptions;
  shop.approve(subscription?.id ?? "");

  expect(await billing.check({ session, plans: "Growth", isTest: true })).toBe(true);
  const { activeSubscriptions } = await billing.subscriptions({ session });
  expect(activeSubscriptions).toMatchObject([{ name: "Growth", test: true }]);

  await billing.createUsageRecord({
    session,
    description: "An email",
    price: { amount: 1, currencyCode: "USD" },
    isTest: true,
  });
  expect(admin.ledger).toMatchObject([{ price: { amount: "1.0" }, test: true }]);

  await billing.updateUsageCappedAmount({
    session,
    subscriptionLineItemId: subscription?.usageLineItem?.id ?? "",
    cappedAmount: { amount: 200, currencyCode: "USD" },
  });
  shop.approve(subscription?.id ?? "");
  expect(subscription?.usageLineItem?.usagePricing?.cappedAmount.amount).toBe("200.0");

  await billing.cancel({ session, subscriptionId: subscription?.id ?? "", isTest: true });
  expect(await billing.check({ session, plans: "Growth", isTest: true })).toBe(false);
});
