import { createHmac } from "node:crypto";
import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { handleWebhook, type Plan, type WebhookSurroundings } from "./webhooks.js";

const SHOP = "example.myshopify.com";
const SECRET = "the app's client secret";

const shopify = shopifyApi({
  apiKey: "the app's client id",
  apiSecretKey: SECRET,
  hostName: "app.example",
  apiVersion: ApiVersion.July26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
});

/** A webhook as Shopify sends it. */
function webhook(topic: string, body: string, secret: string = SECRET): Request {
  return new Request("https://app.example/webhooks", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": SHOP,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
      "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
    },
    body,
  });
}

const BODY = JSON.stringify({
  app_subscription: {
    admin_graphql_api_id: "gid://shopify/AppSubscription/1029266946",
    name: "Emails by use",
    status: "ACTIVE",
    admin_graphql_api_shop_id: "gid://shopify/Shop/548380009",
    created_at: "2026-11-01T12:00:00-05:00",
    updated_at: "2026-11-01T12:00:00-05:00",
    currency: "USD",
    capped_amount: "100.0",
  },
});
const NEARLY_USED = JSON.stringify({
  app_subscription: {
    admin_graphql_api_id: "gid://shopify/AppSubscription/1029266946",
    name: "Emails by use",
    balance_used: "90.01",
    capped_amount: "100.0",
    currency_code: "USD",
    admin_graphql_api_shop_id: "gid://shopify/Shop/548380009",
    created_at: "2026-11-01T12:00:00-05:00",
    updated_at: "2026-11-01T12:00:00-05:00",
  },
});
const UPDATE = "app_subscriptions/update";
const APPROACHING = "app_subscriptions/approaching_capped_amount";
const UNINSTALLED = "app/uninstalled";

let admin = createAdminSimulator();
let shop = admin.addShop({ shop: SHOP, accessToken: "token" });
const plans = new Map<string, Plan>();
const surroundings: WebhookSurroundings = {
  shopify,
  billingFor: async () =>
    createUsageBillingClient({ shop: SHOP, accessToken: "token", fetch: admin.fetch }),
  savePlan: async (domain, plan) => void plans.set(domain, plan),
};

beforeEach(() => {
  admin = createAdminSimulator();
  shop = admin.addShop({ shop: SHOP, accessToken: "token" });
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  plans.clear();
});

describe("a webhook", () => {
  it.each([
    ["by another secret", webhook(UPDATE, BODY, "another secret")],
    [
      "of another body",
      new Request(webhook(UPDATE, BODY), { method: "POST", body: BODY.replace("100.0", "900.0") }),
    ],
    // What happens where a framework parses the body, and the handler prints it again.
    [
      "of a body that was serialized again",
      new Request(webhook(UPDATE, BODY), {
        method: "POST",
        body: JSON.stringify(JSON.parse(BODY), null, 1),
      }),
    ],
  ])("that is signed %s is refused", async (_what, request) => {
    const response = await handleWebhook(request, surroundings);
    expect(response.status).toBe(401);
    expect(plans.size).toBe(0);
    expect(admin.requests).toEqual([]);
  });

  it("of another topic is ignored", async () => {
    const response = await handleWebhook(webhook("orders/create", "{}"), surroundings);
    expect(response.status).toBe(404);
  });
});

describe("APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT", () => {
  it("proposes the next cap, which counts once the merchant confirmed it", async () => {
    shop.addUsageRecords([{ price: "90.01" }]);

    const response = await handleWebhook(webhook(APPROACHING, NEARLY_USED), surroundings);

    expect(response.status).toBe(200);
    const plan = plans.get(SHOP);
    expect(plan).toMatchObject({ active: true, balanceUsed: "90.01", cappedAmount: "100.0" });
    expect(plan?.raiseCapAt).toBe(shop.openApprovals[0]?.confirmationUrl);

    for (const { id } of shop.openApprovals) shop.approve(id);
    await handleWebhook(webhook(UPDATE, BODY), surroundings);
    expect(plans.get(SHOP)).toMatchObject({ cappedAmount: "250.0", raiseCapAt: null });
  });

  it("does the same when it comes twice", async () => {
    await handleWebhook(webhook(APPROACHING, NEARLY_USED), surroundings);
    await handleWebhook(webhook(APPROACHING, NEARLY_USED), surroundings);
    expect(plans.get(SHOP)?.raiseCapAt).toBe(shop.openApprovals.at(-1)?.confirmationUrl);
    expect(shop.openApprovals).toHaveLength(1);
  });
});

describe("APP_SUBSCRIPTIONS_UPDATE", () => {
  it("ends charging when the subscription ends, regardless of the body", async () => {
    for (const { id } of shop.subscriptions) shop.cancel(id);
    await handleWebhook(webhook(UPDATE, BODY), surroundings);
    expect(plans.get(SHOP)).toMatchObject({ active: false });
  });

  it("ends charging when the app was uninstalled", async () => {
    admin.faults.next("unauthorized");
    const response = await handleWebhook(webhook(UPDATE, BODY), surroundings);
    expect(response.status).toBe(200);
    expect(plans.get(SHOP)).toMatchObject({ active: false });
  });

  it.each<[string, Partial<WebhookSurroundings>, () => void]>([
    ["the Admin API cannot be asked", {}, () => shop.setStatus("locked")],
    [
      "the database that holds the tokens is down",
      {
        billingFor: async () =>
          createUsageBillingClient({
            shop: SHOP,
            accessToken: () => Promise.reject(new Error("the database is down")),
            fetch: admin.fetch,
          }),
      },
      () => undefined,
    ],
    [
      "the plan cannot be saved",
      { savePlan: () => Promise.reject(new Error("the database is down")) },
      () => undefined,
    ],
  ])("is sent again by Shopify if %s, and ends nothing", async (_, changes, breaks) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    breaks();
    const response = await handleWebhook(webhook(UPDATE, BODY), { ...surroundings, ...changes });

    expect(response.status).toBe(500);
    expect(plans.size).toBe(0);
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });
});

describe("APP_UNINSTALLED", () => {
  it("ends charging, without a request", async () => {
    const body = JSON.stringify({ id: 548380009, name: "Super Toys", myshopify_domain: SHOP });
    const response = await handleWebhook(webhook(UNINSTALLED, body), surroundings);
    expect(response.status).toBe(200);
    expect(plans.get(SHOP)).toMatchObject({ active: false });
    expect(admin.requests).toEqual([]);
  });
});

describe("as the simulator sends them", () => {
  const subscribeTo = (target: typeof shop): void => {
    target.subscribeToWebhooks({ to: (request) => handleWebhook(request, surroundings) });
  };

  it("they keep the plan up to date from the charge that nears the cap to the end", async () => {
    admin = createAdminSimulator();
    shop = admin.addShop({ shop: SHOP, accessToken: "token", apiSecret: SECRET });
    subscribeTo(shop);
    const cappedAmount = { amount: "100.00", currencyCode: "USD" };
    const { id } = shop.createSubscription({ cappedAmount });
    shop.approve(id);
    await admin.webhooksDelivered();
    expect(plans.get(SHOP)).toMatchObject({ active: true, raiseCapAt: null });

    shop.addUsageRecords([{ price: "90.01" }]);
    await admin.webhooksDelivered();
    expect(plans.get(SHOP)?.raiseCapAt).toBe(shop.openApprovals[0]?.confirmationUrl);

    shop.approve(id);
    await admin.webhooksDelivered();
    expect(plans.get(SHOP)).toMatchObject({ cappedAmount: "250.0", raiseCapAt: null });

    shop.uninstall();
    await admin.webhooksDelivered();
    expect(plans.get(SHOP)).toMatchObject({ active: false });
  });

  it.each(["twice", "outOfOrder", "late"] as const)(
    "%s, they lead to the same plan",
    async (fault) => {
      admin = createAdminSimulator({ clock: "manual" });
      shop = admin.addShop({ shop: SHOP, accessToken: "token", apiSecret: SECRET });
      subscribeTo(shop);
      const cappedAmount = { amount: "100.00", currencyCode: "USD" };
      const { id } = shop.createSubscription({ cappedAmount });
      admin.faults.webhooks.next(fault);
      shop.approve(id);
      shop.freeze(id);
      await admin.webhooksDelivered();
      admin.clock.advance(60_000);
      await admin.webhooksDelivered();
      expect(plans.get(SHOP)).toMatchObject({ active: false });
    },
  );
});
