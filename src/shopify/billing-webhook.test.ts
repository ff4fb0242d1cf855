import { describe, expect, expectTypeOf, it } from "vitest";
import {
  readBillingWebhook,
  type AppPurchasesOneTimeUpdatePayload,
  type AppSubscriptionsApproachingCappedAmountPayload,
  type AppSubscriptionsUpdatePayload,
  type AppUninstalledPayload,
  type BillingWebhook,
} from "./index.js";

const resource = {
  name: "Emails by use",
  admin_graphql_api_shop_id: "gid://shopify/Shop/548380009",
  created_at: "2026-11-01T19:00:00-05:00",
  updated_at: "2026-11-02T19:00:00-05:00",
};
const read = {
  name: "Emails by use",
  shopId: "gid://shopify/Shop/548380009",
  createdAt: "2026-11-01T19:00:00-05:00",
  updatedAt: "2026-11-02T19:00:00-05:00",
};
const id = "gid://shopify/AppSubscription/1029266968";

const update: AppSubscriptionsUpdatePayload = {
  app_subscription: {
    ...resource,
    admin_graphql_api_id: id,
    status: "ACTIVE",
    currency: "USD",
    capped_amount: "20.0",
    price: "10.00",
    interval: "every_30_days",
    plan_handle: "plan-123",
  },
};
const approaching: AppSubscriptionsApproachingCappedAmountPayload = {
  app_subscription: {
    ...resource,
    admin_graphql_api_id: id,
    balance_used: 0,
    capped_amount: "20.0",
    currency_code: "USD",
  },
};
const purchase: AppPurchasesOneTimeUpdatePayload = {
  app_purchase_one_time: {
    ...resource,
    admin_graphql_api_id: "gid://shopify/AppPurchaseOneTime/1",
    status: "PENDING",
  },
};
const uninstalled: AppUninstalledPayload = {
  id: 548380009,
  name: "Super Toys",
  myshopify_domain: null,
};

describe("readBillingWebhook", () => {
  it.each<[string, object, BillingWebhook]>([
    [
      "APP_SUBSCRIPTIONS_UPDATE",
      update,
      {
        topic: "APP_SUBSCRIPTIONS_UPDATE",
        subscription: {
          ...read,
          id,
          status: "ACTIVE",
          cappedAmount: { amount: "20.0", currencyCode: "USD" },
        },
      },
    ],
    [
      "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT",
      approaching,
      {
        topic: "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT",
        subscription: {
          ...read,
          id,
          balanceUsed: { amount: "0", currencyCode: "USD" },
          cappedAmount: { amount: "20.0", currencyCode: "USD" },
        },
      },
    ],
    [
      "APP_PURCHASES_ONE_TIME_UPDATE",
      purchase,
      {
        topic: "APP_PURCHASES_ONE_TIME_UPDATE",
        purchase: { ...read, id: "gid://shopify/AppPurchaseOneTime/1", status: "PENDING" },
      },
    ],
    ["APP_UNINSTALLED", uninstalled, { topic: "APP_UNINSTALLED", shop: { id: 548380009 } }],
  ])("reads %s, parsed or as text, under either name of the topic", (topic, payload, expected) => {
    const slashed = topic
      .toLowerCase()
      .replace(/^(app(?:_subscriptions|_purchases_one_time)?)_/, "$1/");
    expect(slashed).toContain("/");
    expect(readBillingWebhook(topic, payload)).toEqual(expected);
    expect(readBillingWebhook(slashed, JSON.stringify(payload))).toEqual(expected);
  });

  it("gives null for a subscription without a cap", () => {
    const app_subscription = { ...update.app_subscription, capped_amount: null };
    expect(readBillingWebhook("APP_SUBSCRIPTIONS_UPDATE", { app_subscription })).toMatchObject({
      subscription: { cappedAmount: null },
    });
  });

  it.each(["ORDERS_CREATE", "app_subscriptions", ""])("gives null for the topic %j", (topic) => {
    expect(readBillingWebhook(topic, "not even JSON")).toBeNull();
  });

  it.each([
    ["APP_SUBSCRIPTIONS_UPDATE", "{", "payload must be JSON"],
    ["APP_SUBSCRIPTIONS_UPDATE", [], "payload must be an object, got a list"],
    ["APP_SUBSCRIPTIONS_UPDATE", {}, "payload.app_subscription must be an object, got undefined"],
    [
      "APP_SUBSCRIPTIONS_UPDATE",
      { app_subscription: { ...update.app_subscription, status: 5 } },
      "payload.app_subscription.status must be a string, got 5",
    ],
    [
      "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT",
      { app_subscription: { ...approaching.app_subscription, balance_used: "much" } },
      'payload.app_subscription.balance_used must be a decimal, got "much"',
    ],
    ["APP_UNINSTALLED", { id: "5" }, 'payload.id must be a number, got "5"'],
  ])("refuses %s with %j", (topic, payload, message) => {
    expect(() => readBillingWebhook(topic, payload)).toThrow(message);
  });

  it("narrows by topic", () => {
    const narrow = (webhook: BillingWebhook): void => {
      if (webhook.topic === "APP_SUBSCRIPTIONS_UPDATE") {
        expectTypeOf(webhook.subscription.status).toEqualTypeOf<string>();
      }
      // @ts-expect-error -- not every topic is about a subscription
      void webhook.subscription;
    };
    expectTypeOf(narrow).toBeFunction();
  });
});
