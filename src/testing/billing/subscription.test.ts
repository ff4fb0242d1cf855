import { describe, expect, test } from "vitest";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
  type SubscriptionOptions,
} from "../index.js";

const DAY = 24 * 60 * 60 * 1000;
const USD = { currencyCode: "USD" } as const;

function setUp(): { admin: AdminSimulator; shop: Shop } {
  const admin = createAdminSimulator({ now: "2025-01-01T00:00:00Z", clock: "manual" });
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  return { admin, shop };
}

/** Sends a request, and gives its whole answer. */
async function send(
  shop: Shop,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ data: unknown; errors?: unknown }> {
  const response = await shop.graphql(query, { variables });
  return (await response.json()) as { data: unknown }; // JSON enters
}

describe("appSubscriptionCreate", () => {
  const CREATE = `mutation (
    $name: String!
    $lineItems: [AppSubscriptionLineItemInput!]!
    $returnUrl: URL!
    $trialDays: Int
    $test: Boolean
  ) {
    appSubscriptionCreate(
      name: $name
      lineItems: $lineItems
      returnUrl: $returnUrl
      trialDays: $trialDays
      test: $test
    ) {
      appSubscription {
        id
        status
        test
        trialDays
        currentPeriodEnd
        lineItems {
          id
          plan {
            pricingDetails {
              __typename
              ... on AppUsagePricing { cappedAmount { amount } balanceUsed { amount } terms }
              ... on AppRecurringPricing {
                interval
                price { amount currencyCode }
                discount {
                  durationLimitInIntervals
                  remainingDurationInIntervals
                  priceAfterDiscount { amount }
                  value {
                    ... on AppSubscriptionDiscountAmount { amount { amount } }
                    ... on AppSubscriptionDiscountPercentage { percentage }
                  }
                }
              }
            }
          }
        }
      }
      confirmationUrl
      userErrors { field message }
    }
  }`;
  const usage = {
    appUsagePricingDetails: { cappedAmount: { amount: "100.00", ...USD }, terms: "$1 an email" },
  };
  const recurring = {
    appRecurringPricingDetails: {
      price: { amount: "10.00", ...USD },
      discount: { value: { percentage: 0.25 }, durationLimitInIntervals: 2 },
    },
  };
  const input = { name: "Plan", returnUrl: "https://app.example/return" };

  test.each(["javascript:alert(1)", "data:text/html,x", "https:"])(
    "refuses the return URL %s, which would be a link for the merchant",
    async (returnUrl) => {
      const { shop } = setUp();
      const answer = await send(shop, CREATE, {
        ...input,
        returnUrl,
        lineItems: [{ plan: usage }],
      });
      expect(answer.data).toMatchObject({
        appSubscriptionCreate: { userErrors: [{ field: ["returnUrl"] }] },
      });
      expect(shop.openApprovals).toEqual([]);
    },
  );

  test("keeps the line items in the order given", async () => {
    const { shop } = setUp();
    await send(shop, CREATE, { ...input, lineItems: [{ plan: usage }, { plan: recurring }] });
    const [first, second] = shop.subscriptions[0]?.lineItems ?? [];
    expect(first?.usagePricing?.terms).toBe("$1 an email");
    expect(first?.id).toMatch(/index=0$/);
    expect(second?.usagePricing).toBeNull();
  });

  test("makes a pending subscription with a recurring and a usage line item", async () => {
    const { shop } = setUp();
    const answer = await send(shop, CREATE, {
      ...input,
      lineItems: [{ plan: recurring }, { plan: usage }],
      trialDays: 7,
      test: true,
    });
    expect(answer.data).toEqual({
      appSubscriptionCreate: {
        appSubscription: {
          id: "gid://shopify/AppSubscription/1029266946",
          status: "PENDING",
          test: true,
          trialDays: 7,
          currentPeriodEnd: null,
          lineItems: [
            {
              id: "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=0",
              plan: {
                pricingDetails: {
                  __typename: "AppRecurringPricing",
                  interval: "EVERY_30_DAYS",
                  price: { amount: "10.0", currencyCode: "USD" },
                  discount: {
                    durationLimitInIntervals: 2,
                    remainingDurationInIntervals: 2,
                    priceAfterDiscount: { amount: "7.5" },
                    value: { percentage: 0.25 },
                  },
                },
              },
            },
            {
              id: "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=1",
              plan: {
                pricingDetails: {
                  __typename: "AppUsagePricing",
                  cappedAmount: { amount: "100.0" },
                  balanceUsed: { amount: "0.0" },
                  terms: "$1 an email",
                },
              },
            },
          ],
        },
        confirmationUrl: expect.stringMatching(
          /^https:\/\/example\.myshopify\.com\/admin\/charges\/1029266946\/confirm_recurring_application_charge\?signature=\w{40}$/,
        ),
        userErrors: [],
      },
    });
  });

  test.each([
    ["two usage lines", { lineItems: [{ plan: usage }, { plan: usage }] }, "lineItems"],
    ["two recurring lines", { lineItems: [{ plan: recurring }, { plan: recurring }] }, "lineItems"],
    ["no line", { lineItems: [] }, "lineItems"],
    ["a plan without pricing", { lineItems: [{ plan: {} }] }, "lineItems"],
    ["a plan with both", { lineItems: [{ plan: { ...usage, ...recurring } }] }, "lineItems"],
    ["a blank name", { name: " ", lineItems: [{ plan: usage }] }, "name"],
    ["negative trial days", { trialDays: -1, lineItems: [{ plan: usage }] }, "trialDays"],
    [
      "blank terms",
      {
        lineItems: [
          { plan: { appUsagePricingDetails: { ...usage.appUsagePricingDetails, terms: "" } } },
        ],
      },
      "lineItems",
    ],
    [
      "a cap of zero",
      {
        lineItems: [
          {
            plan: {
              appUsagePricingDetails: { cappedAmount: { amount: 0, ...USD }, terms: "terms" },
            },
          },
        ],
      },
      "lineItems",
    ],
    [
      "two currencies",
      {
        lineItems: [
          { plan: usage },
          {
            plan: {
              appRecurringPricingDetails: { price: { amount: 1, currencyCode: "EUR" } },
            },
          },
        ],
      },
      "lineItems",
    ],
    [
      "usage beside annual pricing",
      {
        lineItems: [
          { plan: usage },
          {
            plan: {
              appRecurringPricingDetails: { interval: "ANNUAL", price: { amount: 1, ...USD } },
            },
          },
        ],
      },
      "lineItems",
    ],
    [
      "a discount of nothing",
      {
        lineItems: [
          {
            plan: {
              appRecurringPricingDetails: {
                price: { amount: 1, ...USD },
                discount: { value: {}, durationLimitInIntervals: 1 },
              },
            },
          },
        ],
      },
      "lineItems",
    ],
    [
      "a discount for no interval",
      {
        lineItems: [
          {
            plan: {
              appRecurringPricingDetails: {
                price: { amount: 1, ...USD },
                discount: { value: { amount: "0.5" }, durationLimitInIntervals: 0 },
              },
            },
          },
        ],
      },
      "lineItems",
    ],
  ])("refuses %s", async (_, variables, field) => {
    const { shop } = setUp();
    const answer = await send(shop, CREATE, { ...input, ...variables });
    expect(answer.data).toEqual({
      appSubscriptionCreate: {
        appSubscription: null,
        confirmationUrl: null,
        userErrors: [{ field: [field], message: expect.any(String) }],
      },
    });
    expect(shop.subscriptions).toEqual([]);
  });

  test("refuses a return URL without a scheme", async () => {
    const { shop } = setUp();
    const answer = await send(shop, CREATE, {
      name: "Plan",
      returnUrl: "app.example",
      lineItems: [{ plan: usage }],
    });
    expect(answer.errors).toMatchObject([
      { extensions: { problems: [{ explanation: "Invalid url 'app.example', missing scheme" }] } },
    ]);
  });

  test("a discount ends with its intervals", async () => {
    const { admin, shop } = setUp();
    await send(shop, CREATE, { ...input, lineItems: [{ plan: recurring }] });
    shop.approve("gid://shopify/AppSubscription/1029266946");
    admin.clock.advance(45 * DAY);
    const answer = await send(
      shop,
      `{ currentAppInstallation { activeSubscriptions { lineItems { plan { pricingDetails {
        ... on AppRecurringPricing { discount { remainingDurationInIntervals } }
      } } } } } }`,
    );
    expect(JSON.stringify(answer.data)).toContain('"remainingDurationInIntervals":1');
  });
});

describe("the merchant", () => {
  test("approves: the subscription is active, and its period has begun", () => {
    const { admin, shop } = setUp();
    const subscription = shop.createSubscription({ cappedAmount: { amount: 100, ...USD } });
    expect([subscription.status, subscription.currentPeriodEnd]).toEqual(["PENDING", null]);
    admin.clock.advance(DAY);
    shop.approve(subscription.id);
    expect(subscription.status).toBe("ACTIVE");
    expect(subscription.currentPeriodEnd).toBe("2025-02-01T00:00:00Z");
    expect(shop.activeSubscription).toBe(subscription);
  });

  test("declines", () => {
    const { shop } = setUp();
    const subscription = shop.createSubscription({ cappedAmount: { amount: 100, ...USD } });
    shop.decline(subscription.id);
    expect(subscription.status).toBe("DECLINED");
    expect(() => shop.approve(subscription.id)).toThrow(
      /is DECLINED, and nothing about it waits for approval/,
    );
  });

  test("does nothing for two days: the subscription expires", () => {
    const { admin, shop } = setUp();
    const subscription = shop.createSubscription({ cappedAmount: { amount: 100, ...USD } });
    admin.clock.advance(2 * DAY - 1);
    expect(subscription.status).toBe("PENDING");
    admin.clock.advance(1);
    expect(subscription.status).toBe("EXPIRED");
  });

  test("does not pay: the subscription is frozen, until the merchant pays", () => {
    const { shop } = setUp();
    const { id } = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      status: "ACTIVE",
    });
    shop.freeze(id);
    expect(shop.activeSubscription).toBeNull();
    shop.unfreeze(id);
    expect(shop.activeSubscription?.id).toBe(id);
  });

  test("is asked what the test can see", () => {
    const { shop } = setUp();
    const subscription = shop.createSubscription({
      name: "Emails",
      cappedAmount: { amount: 100, ...USD },
      recurring: { price: { amount: 120, ...USD } },
      terms: "$1 for 1000 emails",
    });
    expect(shop.openApprovals).toEqual([
      {
        kind: "subscription",
        id: subscription.id,
        name: "Emails",
        agreement: [
          "120.0 USD every 30 days",
          "Usage up to 100.0 USD every 30 days: $1 for 1000 emails",
        ],
        confirmationUrl: subscription.confirmationUrl,
      },
    ]);
    shop.approve(subscription.id);
    expect(shop.openApprovals).toEqual([]);
  });
});

describe("one active subscription at a time", () => {
  const plan = (amount: number, interval: "ANNUAL" | "EVERY_30_DAYS"): SubscriptionOptions => ({
    recurring: { price: { amount, ...USD }, interval },
  });

  test("a new one replaces the old one when it is approved", () => {
    const { shop } = setUp();
    const usage = { cappedAmount: { amount: 100, ...USD } };
    const first = shop.createSubscription({ ...usage, status: "ACTIVE" });
    const second = shop.createSubscription(usage);
    expect(first.status).toBe("ACTIVE");
    shop.approve(second.id);
    expect([first.status, second.status]).toEqual(["CANCELLED", "ACTIVE"]);
  });

  test.each<[string, SubscriptionOptions, SubscriptionOptions, boolean]>([
    ["an annual plan by a cheaper annual one", plan(100, "ANNUAL"), plan(50, "ANNUAL"), true],
    ["an annual plan by a dearer annual one", plan(100, "ANNUAL"), plan(150, "ANNUAL"), false],
    ["an annual plan by a monthly one", plan(100, "ANNUAL"), plan(150, "EVERY_30_DAYS"), true],
    [
      "a monthly plan by a cheaper monthly one",
      plan(100, "EVERY_30_DAYS"),
      plan(50, "EVERY_30_DAYS"),
      false,
    ],
    [
      "a plan by the same with a discount",
      plan(100, "EVERY_30_DAYS"),
      {
        recurring: { price: { amount: 100, ...USD }, discount: { value: { percentage: 0.5 } } },
      },
      true,
    ],
    [
      "a plan by another on the next billing cycle",
      plan(100, "EVERY_30_DAYS"),
      { ...plan(50, "EVERY_30_DAYS"), replacementBehavior: "APPLY_ON_NEXT_BILLING_CYCLE" },
      true,
    ],
    [
      "a plan by one in another currency, which does not wait",
      plan(100, "EVERY_30_DAYS"),
      {
        recurring: { price: { amount: 50, currencyCode: "EUR" } },
        replacementBehavior: "APPLY_ON_NEXT_BILLING_CYCLE",
      },
      false,
    ],
    [
      "an annual plan by a monthly one immediately",
      plan(100, "ANNUAL"),
      { ...plan(50, "EVERY_30_DAYS"), replacementBehavior: "APPLY_IMMEDIATELY" },
      false,
    ],
  ])("%s: waits for the next period: %#", (_, before, after, waits) => {
    const { admin, shop } = setUp();
    const first = shop.createSubscription({ ...before, status: "ACTIVE" });
    const second = shop.createSubscription(after);
    shop.approve(second.id);
    expect(second.status).toBe(waits ? "ACCEPTED" : "ACTIVE");
    expect(first.status).toBe(waits ? "ACTIVE" : "CANCELLED");
    admin.clock.advance(365 * DAY);
    expect([first.status, second.status]).toEqual(["CANCELLED", "ACTIVE"]);
  });
});

describe("billing periods", () => {
  test("the balance starts again every 30 days", () => {
    const { admin, shop } = setUp();
    const subscription = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      status: "ACTIVE",
    });
    const pricing = subscription.usageLineItem?.usagePricing;
    shop.addUsageRecords([{ price: 60 }]);
    admin.clock.advance(30 * DAY - 1);
    expect(pricing?.balanceUsed.amount).toBe("60.0");
    expect(subscription.currentPeriodEnd).toBe("2025-01-31T00:00:00Z");
    admin.clock.advance(1);
    expect(pricing?.balanceUsed.amount).toBe("0.0");
    expect(subscription.currentPeriodEnd).toBe("2025-03-02T00:00:00Z");
    shop.addUsageRecords([{ price: 1 }, { price: 5, createdAt: "2025-01-15T00:00:00Z" }]);
    expect(pricing?.balanceUsed.amount).toBe("1.0");
  });

  test("a history of several periods has a balance for each", () => {
    const { shop } = setUp();
    const subscription = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      createdAt: "2024-11-20T00:00:00Z",
      status: "ACTIVE",
    });
    shop.addUsageRecords([
      { price: 40, createdAt: "2024-12-19T23:59:59Z" },
      { price: 50, createdAt: "2024-12-20T00:00:00Z" },
    ]);
    expect(subscription.createdAt).toBe("2024-11-20T00:00:00Z");
    expect(subscription.currentPeriodEnd).toBe("2025-01-19T00:00:00Z");
    expect(subscription.usageLineItem?.usagePricing?.balanceUsed.amount).toBe("50.0");
  });

  test("an annual plan has a period of a year", () => {
    const { shop } = setUp();
    const subscription = shop.createSubscription({
      recurring: { price: { amount: 100, ...USD }, interval: "ANNUAL" },
      status: "ACTIVE",
    });
    expect(subscription.currentPeriodEnd).toBe("2026-01-01T00:00:00Z");
  });

  test("a trial delays them", () => {
    const { shop } = setUp();
    const subscription = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      trialDays: 7,
      status: "ACTIVE",
    });
    expect(subscription.currentPeriodEnd).toBe("2025-02-07T00:00:00Z");
  });
});

describe("appSubscriptionLineItemUpdate", () => {
  const UPDATE = `mutation ($id: ID!, $cappedAmount: MoneyInput!) {
    appSubscriptionLineItemUpdate(id: $id, cappedAmount: $cappedAmount) {
      appSubscription { id }
      confirmationUrl
      userErrors { field message }
    }
  }`;

  function subscribed(): { admin: AdminSimulator; shop: Shop; id: string; cap: () => unknown } {
    const { admin, shop } = setUp();
    const subscription = shop.createSubscription({
      recurring: { price: { amount: 10, ...USD } },
      cappedAmount: { amount: 100, ...USD },
      status: "ACTIVE",
    });
    const { usageLineItem } = subscription;
    return {
      admin,
      shop,
      id: usageLineItem?.id ?? "",
      cap: () => usageLineItem?.usagePricing?.cappedAmount.amount,
    };
  }

  test("the cap stays as it was until the merchant approves", async () => {
    const { shop, id, cap } = subscribed();
    const answer = await send(shop, UPDATE, { id, cappedAmount: { amount: "150.50", ...USD } });
    expect(answer.data).toMatchObject({
      appSubscriptionLineItemUpdate: {
        appSubscription: { id: shop.activeSubscription?.id },
        confirmationUrl: expect.stringContaining("confirm_update_capped_amount"),
        userErrors: [],
      },
    });
    expect(cap()).toBe("100.0");
    shop.approve(shop.activeSubscription?.id ?? "");
    expect(cap()).toBe("150.5");
  });

  test("or declines", async () => {
    const { shop, id, cap } = subscribed();
    await send(shop, UPDATE, { id, cappedAmount: { amount: "150.50", ...USD } });
    shop.decline(id);
    expect(cap()).toBe("100.0");
  });

  test.each([
    [
      "a lower cap",
      { amount: 99, ...USD },
      1,
      ["cappedAmount"],
      "Spending limit can only be increased. Please contact the app developer to decrease spending limit.",
    ],
    [
      "another currency",
      { amount: 200, currencyCode: "EUR" },
      1,
      ["cappedAmount"],
      "Currency code must be USD",
    ],
    [
      "a recurring line item",
      { amount: 200, ...USD },
      0,
      null,
      "Only variable subscriptions can be updated.",
    ],
    ["an unknown line item", { amount: 200, ...USD }, 2, ["id"], "Invalid id"],
  ])("refuses %s", async (_, cappedAmount, index, field, message) => {
    const { shop } = subscribed();
    const id = `gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=${index}`;
    const answer = await send(shop, UPDATE, { id, cappedAmount });
    expect(answer.data).toEqual({
      appSubscriptionLineItemUpdate: {
        appSubscription: null,
        confirmationUrl: null,
        userErrors: [{ field, message }],
      },
    });
  });
});

describe("appSubscriptionCancel", () => {
  const CANCEL = `mutation ($id: ID!) {
    appSubscriptionCancel(id: $id, prorate: true) {
      appSubscription { status }
      userErrors { field message }
    }
  }`;

  test("ends the subscription, once", async () => {
    const { shop } = setUp();
    const { id } = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      status: "ACTIVE",
    });
    expect((await send(shop, CANCEL, { id })).data).toEqual({
      appSubscriptionCancel: { appSubscription: { status: "CANCELLED" }, userErrors: [] },
    });
    expect((await send(shop, CANCEL, { id })).data).toMatchObject({
      appSubscriptionCancel: {
        appSubscription: null,
        userErrors: [
          { field: null, message: "RecurringApplicationCharge::InvalidTransitionError" },
        ],
      },
    });
  });

  test("does not know subscriptions of other shops", async () => {
    const { admin, shop } = setUp();
    const other = admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" });
    const { id } = other.createSubscription({ cappedAmount: { amount: 100, ...USD } });
    expect((await send(shop, CANCEL, { id })).data).toMatchObject({
      appSubscriptionCancel: {
        userErrors: [{ field: ["id"], message: "Couldn't find RecurringApplicationCharge" }],
      },
    });
  });
});

describe("appSubscriptionTrialExtend", () => {
  const EXTEND = `mutation ($id: ID!) {
    appSubscriptionTrialExtend(id: $id, days: 3) {
      appSubscription { trialDays }
      userErrors { code }
    }
  }`;

  test("adds days to a running trial", async () => {
    const { admin, shop } = setUp();
    const { id } = shop.createSubscription({
      cappedAmount: { amount: 100, ...USD },
      trialDays: 7,
      status: "ACTIVE",
    });
    expect((await send(shop, EXTEND, { id })).data).toEqual({
      appSubscriptionTrialExtend: { appSubscription: { trialDays: 10 }, userErrors: [] },
    });
    admin.clock.advance(10 * DAY);
    expect((await send(shop, EXTEND, { id })).data).toMatchObject({
      appSubscriptionTrialExtend: { userErrors: [{ code: "TRIAL_NOT_ACTIVE" }] },
    });
    shop.cancel(id);
    expect((await send(shop, EXTEND, { id })).data).toMatchObject({
      appSubscriptionTrialExtend: { userErrors: [{ code: "SUBSCRIPTION_NOT_ACTIVE" }] },
    });
    const unknown = { id: "gid://shopify/AppSubscription/1" };
    expect((await send(shop, EXTEND, unknown)).data).toMatchObject({
      appSubscriptionTrialExtend: { userErrors: [{ code: "SUBSCRIPTION_NOT_FOUND" }] },
    });
  });
});

test("appPurchaseOneTimeCreate asks the merchant for a single payment", async () => {
  const { shop } = setUp();
  const { data } = await send(
    shop,
    `mutation {
      appPurchaseOneTimeCreate(
        name: "Setup"
        price: { amount: 25, currencyCode: USD }
        returnUrl: "https://app.example/return"
      ) {
        appPurchaseOneTime { id status price { amount } }
        confirmationUrl
        userErrors { message }
      }
    }`,
  );
  const id = "gid://shopify/AppPurchaseOneTime/1017262346";
  expect(data).toMatchObject({
    appPurchaseOneTimeCreate: {
      appPurchaseOneTime: { id, status: "PENDING", price: { amount: "25.0" } },
      confirmationUrl: expect.stringContaining("/1017262346/confirm_application_charge?"),
      userErrors: [],
    },
  });
  shop.approve(id);
  const read = `{
    node(id: "${id}") { ... on AppPurchaseOneTime { status } }
    currentAppInstallation { oneTimePurchases(first: 1) { nodes { id } } }
  }`;
  expect((await send(shop, read)).data).toEqual({
    node: { status: "ACTIVE" },
    currentAppInstallation: { oneTimePurchases: { nodes: [{ id }] } },
  });
});

test("node and nodes give nothing of other shops, and nothing unknown", async () => {
  const { admin, shop } = setUp();
  const other = admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" });
  const own = shop.createSubscription({
    cappedAmount: { amount: 100, ...USD },
    status: "ACTIVE",
  });
  const foreign = other.createSubscription({ cappedAmount: { amount: 100, ...USD } });
  const [record] = shop.addUsageRecords([{ price: 1 }]);
  const installation = "gid://shopify/AppInstallation/530741932";
  const { data } = await send(
    shop,
    `query ($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { __typename id } node(id: $id) { id } }`,
    {
      ids: [own.id, record?.id, foreign.id, "gid://shopify/Product/1", installation],
      id: foreign.id,
    },
  );
  expect(data).toEqual({
    nodes: [
      { __typename: "AppSubscription", id: own.id },
      { __typename: "AppUsageRecord", id: record?.id },
      null,
      null,
      { __typename: "AppInstallation", id: installation },
    ],
    node: null,
  });
});

test("a subscription as JSON is all that a page needs to show it", () => {
  const { shop } = setUp();
  const subscription = shop.createSubscription({
    cappedAmount: { amount: 100, ...USD },
    status: "ACTIVE",
  });
  expect(JSON.parse(JSON.stringify(subscription))).toMatchObject({
    id: subscription.id,
    shop: "example.myshopify.com",
    status: "ACTIVE",
    lineItems: [
      {
        id: subscription.usageLineItem?.id,
        plan: {
          pricingDetails: {
            balanceUsed: { amount: "0.0", currencyCode: "USD" },
            cappedAmount: { amount: "100.0", currencyCode: "USD" },
          },
        },
      },
    ],
  });
});

describe("invalid input is refused by name, with a remedy", () => {
  test.each([
    [
      "no line item",
      {},
      "A subscription needs cappedAmount for a usage line item, recurring for a recurring one, or both",
    ],
    [
      "a negative cap",
      { cappedAmount: { amount: -1, currencyCode: "USD" } },
      'cappedAmount.amount must be a decimal above zero such as "100.00", got -1',
    ],
    [
      "a currency in small letters",
      { cappedAmount: { amount: 1, currencyCode: "usd" } },
      'cappedAmount.currencyCode must be a currency code such as "USD", got "usd"',
    ],
    [
      "half a day of trial",
      { cappedAmount: { amount: 1, currencyCode: "USD" }, trialDays: 0.5 },
      "trialDays must be a whole number of zero or more, got 0.5",
    ],
    [
      "a return URL that is a script",
      { cappedAmount: { amount: 1, currencyCode: "USD" }, returnUrl: "javascript:alert(1)" },
      'returnUrl must be an HTTP URL, got "javascript:alert(1)"',
    ],
  ])("%s", (_, options, message) => {
    const { shop } = setUp();
    expect(() => shop.createSubscription(options)).toThrow(message);
  });

  test("an id of nothing", () => {
    const { shop } = setUp();
    expect(() => shop.approve("gid://shopify/AppSubscription/1")).toThrow(
      'Cannot approve "gid://shopify/AppSubscription/1": usage-app has nothing with this id in example.myshopify.com',
    );
    expect(() => shop.freeze("1")).toThrow(/usage-app has nothing with this id/);
  });

  test("a change that the status does not allow", () => {
    const { shop } = setUp();
    const { id } = shop.createSubscription({ cappedAmount: { amount: 1, ...USD } });
    expect(() => shop.freeze(id)).toThrow(`Cannot freeze ${id}: it must be ACTIVE, and is PENDING`);
  });

  test("a charge without a subscription", () => {
    const { shop } = setUp();
    expect(() => shop.addUsageRecords([{ price: 1 }])).toThrow(
      "example.myshopify.com has no active subscription with a usage line item. Create and approve one first",
    );
  });

  test("a number that is taken", () => {
    const { shop } = setUp();
    const cappedAmount = { amount: 1, ...USD };
    shop.createSubscription({ cappedAmount, number: 7 });
    expect(() => shop.createSubscription({ cappedAmount, number: 7 })).toThrow(
      "number must be unused, got 7, which another subscription has",
    );
  });
});
