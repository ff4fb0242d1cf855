import type { DocumentTypeDecoration, TypedDocumentNode } from "@graphql-typed-document-node/core";
import { parse } from "graphql";
import {
  AppUsageRecordCreateDocument,
  createUsageBillingClient,
  narrowUserErrors,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { describe, expect, expectTypeOf, test } from "vitest";
import { CHARGE, serveShop, settled, SHOP, skipWaits, TOKEN } from "./served-shop.js";

const PLAN = {
  name: "Pro",
  returnUrl: "https://app.example/billing",
  usage: {
    cappedAmount: { amount: "200.00", currencyCode: "USD" },
    terms: "1 USD for 1000 emails",
  },
} as const;

describe("createSubscription", () => {
  test("proposes a usage plan, which the merchant confirms", async () => {
    const { admin, shop, billing } = await serveShop({ subscription: { status: "CANCELLED" } });

    const result = await billing.createSubscription(PLAN);

    const proposed = shop.subscriptions.at(-1);
    expect(result).toEqual({
      ok: true,
      payload: {
        appSubscription: expect.objectContaining({
          id: proposed?.id,
          name: "Pro",
          status: "PENDING",
          test: false,
          lineItems: [
            {
              id: proposed?.usageLineItem?.id,
              plan: {
                pricingDetails: {
                  __typename: "AppUsagePricing",
                  balanceUsed: { amount: "0.0", currencyCode: "USD" },
                  cappedAmount: { amount: "200.0", currencyCode: "USD" },
                  interval: "EVERY_30_DAYS",
                  terms: "1 USD for 1000 emails",
                },
              },
            },
          ],
        }),
        confirmationUrl: expect.stringContaining("/admin/charges/"),
      },
      meta: {
        requestId: admin.requests[0]?.id,
        attempts: 1,
        idempotencyKey: null,
        apiVersion: { requested: "2026-10", served: "2026-10" },
        cost: expect.objectContaining({ requested: expect.any(Number) }),
        test: null,
        warnings: [],
      },
    });
    expect(await settled(billing.createUsageRecord(CHARGE))).toMatchObject({
      name: "NoActiveUsageLineItemError",
    });
    shop.approve(proposed?.id ?? "");
    expect(await billing.createUsageRecord(CHARGE)).toMatchObject({ ok: true });
  });

  test("its confirmation URL is a page on which the merchant approves", async () => {
    const { shop, billing } = await serveShop({ subscription: { status: "CANCELLED" } });
    const result = await billing.createSubscription(PLAN);

    const page = await fetch((result.ok && result.payload.confirmationUrl) || "");

    expect(page.status).toBe(200);
    expect(await page.text()).toContain("200.0 USD");
    expect(shop.openApprovals).toHaveLength(1);
  });

  test("takes every option", async () => {
    const { admin, shop, billing } = await serveShop();

    const result = await billing.createSubscription({
      ...PLAN,
      recurring: {
        price: { amount: 29, currencyCode: "USD" },
        interval: "EVERY_30_DAYS",
        discount: { percentage: 0.25, durationLimitInIntervals: 3 },
      },
      test: true,
      trialDays: 14,
      replacementBehavior: "APPLY_ON_NEXT_BILLING_CYCLE",
    });

    expect(admin.requests[0]?.variables).toEqual({
      name: "Pro",
      returnUrl: "https://app.example/billing",
      lineItems: [
        {
          plan: {
            appUsagePricingDetails: {
              cappedAmount: { amount: "200.00", currencyCode: "USD" },
              terms: "1 USD for 1000 emails",
            },
          },
        },
        {
          plan: {
            appRecurringPricingDetails: {
              price: { amount: "29", currencyCode: "USD" },
              interval: "EVERY_30_DAYS",
              discount: { value: { percentage: 0.25 }, durationLimitInIntervals: 3 },
            },
          },
        },
      ],
      test: true,
      trialDays: 14,
      replacementBehavior: "APPLY_ON_NEXT_BILLING_CYCLE",
    });
    expect(result).toMatchObject({
      ok: true,
      payload: { appSubscription: { test: true, trialDays: 14 } },
    });
    expect(shop.subscriptions.at(-1)?.lineItems).toHaveLength(2);
  });

  test("takes a discount of an amount", async () => {
    const { admin, billing } = await serveShop();

    await billing.createSubscription({
      ...PLAN,
      recurring: { price: { amount: "29.00", currencyCode: "USD" }, discount: { amount: 5 } },
    });

    expect(admin.requests[0]?.variables).toMatchObject({
      lineItems: [
        {},
        { plan: { appRecurringPricingDetails: { discount: { value: { amount: "5" } } } } },
      ],
    });
  });

  test("is refused by Shopify with its own words", async () => {
    const { billing } = await serveShop({ shop: { distribution: "custom" } });

    expect(await billing.createSubscription(PLAN)).toMatchObject({
      ok: false,
      userErrors: [{ field: null, message: "Custom apps cannot use the Billing API" }],
      certainty: "notApplied",
    });
  });
});

describe("updateCappedAmount", () => {
  const HIGHER = { cappedAmount: { amount: "250.00", currencyCode: "USD" } } as const;

  test("of the active line item, which counts when the merchant confirms", async () => {
    const { shop, billing, subscription, lineItemId } = await serveShop();

    const result = await billing.updateCappedAmount(HIGHER);

    expect(result).toMatchObject({
      ok: true,
      payload: {
        appSubscription: { id: subscription.id },
        confirmationUrl: expect.stringContaining("http"),
      },
    });
    expect(await billing.activeUsageLineItem()).toMatchObject({
      cappedAmount: { amount: "100.0" },
    });
    shop.approve(lineItemId);
    expect(await billing.activeUsageLineItem()).toMatchObject({
      cappedAmount: { amount: "250.0" },
    });
  });

  test("of a named line item", async () => {
    const { admin, billing, lineItemId } = await serveShop();

    const result = await billing.updateCappedAmount({
      ...HIGHER,
      subscriptionLineItemId: lineItemId,
    });

    expect(result.ok).toBe(true);
    expect(admin.requests).toHaveLength(1);
    expect(admin.requests[0]?.variables).toEqual({
      id: lineItemId,
      cappedAmount: { amount: "250.00", currencyCode: "USD" },
    });
  });

  test.each([
    [
      "a lower cap",
      { cappedAmount: { amount: 50, currencyCode: "USD" } },
      ["cappedAmount"],
      "CAPPED_AMOUNT_NOT_INCREASED",
      "Spending limit can only be increased. Please contact the app developer to decrease spending limit.",
    ],
    [
      "another currency",
      {
        cappedAmount: { amount: 500, currencyCode: "EUR" },
        subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/7?v=1&index=0",
      },
      ["cappedAmount"],
      "UNKNOWN",
      "Currency code must be USD",
    ],
    [
      "an unknown line item",
      {
        ...HIGHER,
        subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/404?v=1&index=0",
      },
      ["id"],
      "LINE_ITEM_NOT_FOUND",
      "Invalid id",
    ],
  ] as const)("%s is refused", async (_, input, field, code, message) => {
    const { billing } = await serveShop({ subscription: { number: 7 } });

    const result = await billing.updateCappedAmount(input);

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ field, code, message }],
      certainty: "notApplied",
      retryable: false,
      meta: { attempts: 1 },
    });
  });

  test("without an active line item", async () => {
    const { billing } = await serveShop({ subscription: { test: true } });

    expect(await settled(billing.updateCappedAmount({ ...HIGHER, isTest: false }))).toMatchObject({
      name: "NoActiveUsageLineItemError",
      certainty: "notApplied",
    });
  });
});

describe("cancelSubscription", () => {
  test("cancels, and returns the cancelled subscription", async () => {
    const { admin, billing, subscription } = await serveShop();

    const result = await billing.cancelSubscription({ id: subscription.id, prorate: true });

    expect(result).toMatchObject({
      ok: true,
      payload: { appSubscription: { id: subscription.id, status: "CANCELLED" } },
    });
    expect(subscription.status).toBe("CANCELLED");
    expect(admin.requests[0]?.variables).toEqual({ id: subscription.id, prorate: true });
  });

  test("is refused for another shop's subscription", async () => {
    const { billing } = await serveShop();

    expect(
      await billing.cancelSubscription({ id: "gid://shopify/AppSubscription/404" }),
    ).toMatchObject({
      ok: false,
      userErrors: [{ field: ["id"], message: "Couldn't find RecurringApplicationCharge" }],
    });
  });
});

/** A typed document as an app's own codegen would make it. */
function document<Data, Variables>(text: string): TypedDocumentNode<Data, Variables> {
  return parse(text);
}

describe("a malformed payload", () => {
  const managed = {
    appSubscriptionCreate: (billing) => billing.createSubscription(PLAN),
    appSubscriptionLineItemUpdate: (billing) =>
      billing.updateCappedAmount({
        cappedAmount: { amount: "200.00", currencyCode: "USD" },
        subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
      }),
    appSubscriptionCancel: (billing) =>
      billing.cancelSubscription({ id: "gid://shopify/AppSubscription/1" }),
  } satisfies Record<string, (billing: UsageBillingClient) => Promise<unknown>>;
  const subscription = {
    id: "gid://shopify/AppSubscription/1",
    name: "Pro",
    status: "PENDING",
    test: false,
    lineItems: [],
  };

  test.each([
    ["no subscription", null, "https://a.example", "appSubscription.id is missing"],
    [
      "a subscription without lines",
      { ...subscription, lineItems: null },
      "https://a.example",
      "appSubscription.lineItems is null",
    ],
    [
      "a line item without plan",
      { ...subscription, lineItems: [{ id: "1" }] },
      "https://a.example",
      "appSubscription.lineItems.0.plan.pricingDetails.__typename is missing",
    ],
    ["a URL that is a number", subscription, 5, "confirmationUrl is a number"],
  ])(
    "%s is an error that names the field",
    async (_, appSubscription, confirmationUrl, problem) => {
      const payload = { appSubscription, confirmationUrl, userErrors: [] };
      for (const [field, call] of Object.entries(managed)) {
        const billing = createUsageBillingClient({
          shop: SHOP,
          accessToken: TOKEN,
          fetch: async () => Response.json({ data: { [field]: payload } }),
        });

        expect(await settled(call(billing))).toMatchObject({
          name: "InvalidResponseError",
          message: `The payload in the response is malformed: ${problem}`,
          certainty: "unknown",
          body: expect.stringContaining("appSubscription"),
        });
      }
    },
  );

  test("an app that may not bill is refused with a code", async () => {
    const { billing } = await serveShop({ shop: { distribution: "custom" } });

    expect(await billing.createSubscription(PLAN)).toMatchObject({
      ok: false,
      userErrors: [
        { code: "BILLING_NOT_ALLOWED", message: "Custom apps cannot use the Billing API" },
      ],
      retryable: false,
      retryAfter: null,
    });
  });
});

describe("mutate with an app's own document", () => {
  type Code = "SUBSCRIPTION_NOT_ACTIVE" | "SUBSCRIPTION_NOT_FOUND" | "TRIAL_NOT_ACTIVE";
  const ExtendTrial = document<
    {
      readonly appSubscriptionTrialExtend: {
        readonly appSubscription: { readonly trialDays: number } | null;
        readonly userErrors: readonly {
          readonly code: Code | null;
          readonly field: readonly string[] | null;
          readonly message: string;
        }[];
      } | null;
    },
    { id: string; days: number }
  >(`mutation ExtendTrial($id: ID!, $days: Int!) {
    appSubscriptionTrialExtend(id: $id, days: $days) {
      appSubscription { trialDays }
      userErrors { code field message }
    }
  }`);

  test("succeeds", async () => {
    const { billing, subscription } = await serveShop({ subscription: { trialDays: 7 } });

    const result = await billing.mutate(ExtendTrial, { id: subscription.id, days: 5 });

    expect(result).toMatchObject({ ok: true, payload: { appSubscription: { trialDays: 12 } } });
    expect(result).not.toHaveProperty("payload.userErrors");
  });

  test("is refused, with the code that the schema has", async () => {
    const { billing, subscription } = await serveShop();

    const result = await billing.mutate(ExtendTrial, { id: subscription.id, days: 5 });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "TRIAL_NOT_ACTIVE" }],
      certainty: "notApplied",
      meta: { attempts: 1, idempotencyKey: null },
    });
  });

  test("that is invalid is an error", async () => {
    const { billing } = await serveShop();
    const wrong = document<{ cancel: { userErrors: [] } | null }, Record<string, never>>(
      "mutation { appSubscriptionAbolish { userErrors { message } } }",
    );

    expect(await settled(billing.mutate(wrong, {}))).toMatchObject({
      name: "GraphQLRequestError",
      certainty: "notApplied",
      errors: [{ extensions: { code: "undefinedField" } }],
    });
  });

  test("with a variable that is wrong is an error", async () => {
    const { billing } = await serveShop();
    const variables: { id: string; days: number } = JSON.parse(
      '{"id":"gid://shopify/AppSubscription/1","days":"five"}',
    );

    expect(await settled(billing.mutate(ExtendTrial, variables))).toMatchObject({
      name: "GraphQLRequestError",
      errors: [{ extensions: { code: "INVALID_VARIABLE" } }],
    });
  });

  test("with an alias and a __typename beside it", async () => {
    const { billing, subscription } = await serveShop();
    const Cancel = document<
      { __typename: "Mutation"; gone: { userErrors: readonly { message: string }[] } | null },
      { id: string }
    >(
      "mutation ($id: ID!) { __typename gone: appSubscriptionCancel(id: $id) { userErrors { message } } }",
    );

    expect(await billing.mutate(Cancel, { id: subscription.id })).toMatchObject({
      ok: true,
      payload: {},
    });
  });

  test("that passes an idempotency key is retried like a charge", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("lostAfter");

    const result = await billing.mutate(AppUsageRecordCreateDocument, {
      subscriptionLineItemId: lineItemId,
      description: "1000 emails",
      price: { amount: "1.00", currencyCode: "USD" },
      idempotencyKey: "event-1",
    });

    expect(result).toMatchObject({
      ok: true,
      payload: { appUsageRecord: { id: admin.ledger[0]?.id } },
      meta: { attempts: 2 },
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("about something else than billing", async () => {
    const Subscribe = document<
      {
        readonly webhookSubscriptionCreate: {
          readonly webhookSubscription: { readonly id: string } | null;
          readonly userErrors: readonly {
            readonly field: readonly string[] | null;
            readonly message: string;
          }[];
        } | null;
      },
      { topic: string }
    >(`mutation ($topic: WebhookSubscriptionTopic!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: {}) {
        webhookSubscription { id }
        userErrors { field message }
      }
    }`);
    const userErrors = [
      { field: ["webhookSubscription", "callbackUrl"], message: "Address is blank" },
    ];
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () =>
        Response.json({
          data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } },
        }),
    });

    expect(
      await billing.mutate(Subscribe, { topic: "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT" }),
    ).toMatchObject({ ok: false, userErrors, certainty: "notApplied" });
  });

  test("that is a query is refused", async () => {
    const { admin, billing } = await serveShop();
    const query = document<{ shop: { userErrors: [] } }, Record<string, never>>("{ shop { id } }");

    expect(await settled(billing.mutate(query, {}))).toMatchObject({
      name: "InvalidInputError",
      field: "document",
    });
    expect(admin.requests).toHaveLength(0);
  });

  test("can be aborted", async () => {
    const { billing } = await serveShop();
    const options = { signal: AbortSignal.abort("no") };

    expect(await settled(billing.mutate(ExtendTrial, { id: "", days: 1 }, options))).toMatchObject({
      name: "AbortedError",
      certainty: "notApplied",
      attempts: 0,
    });
  });
});

describe("query with an app's own document", () => {
  const Installation = document<
    { currentAppInstallation: { activeSubscriptions: readonly { name: string }[] } },
    Record<string, never>
  >("query Installation { currentAppInstallation { activeSubscriptions { name } } }");

  test("gives its data, with retry and pacing", async () => {
    const { admin, client } = await serveShop({ subscription: { name: "Pro" } });
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("serverErrorBefore", 2);

    expect(await billing.query(Installation, {})).toEqual({
      currentAppInstallation: { activeSubscriptions: [{ name: "Pro" }] },
    });
    expect(admin.requests).toHaveLength(3);
  });

  test("GraphQL errors beside data are an error", async () => {
    const errors = [{ message: "Half of it failed", path: ["currentAppInstallation", "id"] }];
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      fetch: async () => Response.json({ data: { currentAppInstallation: null }, errors }),
    });

    expect(await settled(billing.query(Installation, {}))).toMatchObject({
      name: "GraphQLRequestError",
      message: expect.stringContaining("Half of it failed"),
      errors,
      certainty: "notApplied",
    });
  });

  test("that costs more than any query may is an error", async () => {
    const { billing } = await serveShop();
    const records =
      "lineItems { usageRecords(first: 250) { nodes { id subscriptionLineItem { id } } } }";
    const lists = Array.from({ length: 10 }, (_, index) => {
      return `list${index}: allSubscriptions(first: 250) { nodes { ${records} } }`;
    });
    const huge = document<object, Record<string, never>>(
      `{ currentAppInstallation { ${lists.join(" ")} } }`,
    );

    expect(await settled(billing.query(huge, {}))).toMatchObject({
      name: "GraphQLRequestError",
      errors: [{ extensions: { code: "MAX_COST_EXCEEDED" } }],
    });
  });
});

describe("an operation as text", () => {
  // As `@shopify/api-codegen-preset` finds them in an app's sources.
  const names = `#graphql
    query Names($first: Int!) {
      currentAppInstallation {
        allSubscriptions(first: $first) { nodes { name } }
      }
    }`;

  /** What GraphQL Code Generator makes with `documentMode: "string"`. */
  class TypedDocumentString<Result, Variables>
    extends String
    implements DocumentTypeDecoration<Result, Variables>
  {
    __apiType?: (variables: Variables) => Result;
  }

  test("runs as a query, its data unknown", async () => {
    const { admin, billing } = await serveShop({ subscription: { name: "Pro" } });

    const data = await billing.query(names, { first: 5 });

    expectTypeOf(data).toEqualTypeOf<unknown>();
    expect(data).toEqual({
      currentAppInstallation: { allSubscriptions: { nodes: [{ name: "Pro" }] } },
    });
    expect(admin.requests).toMatchObject([{ operationName: "Names", variables: { first: 5 } }]);
  });

  test("runs typed if it carries its types", async () => {
    const { billing } = await serveShop({ subscription: { name: "Pro" } });
    interface Names {
      currentAppInstallation: { allSubscriptions: { nodes: { name: string }[] } };
    }
    const document = new TypedDocumentString<Names, { first: number }>(names);

    const data = await billing.query(document, { first: 5 });

    expectTypeOf(data).toEqualTypeOf<Names>();
    expect(data.currentAppInstallation.allSubscriptions.nodes).toEqual([{ name: "Pro" }]);
    // @ts-expect-error -- a variable is of another type
    const wrong = (): Promise<unknown> => billing.query(document, { first: "5" });
    expectTypeOf(wrong).toBeFunction();
  });

  test("runs as a mutation, narrowed", async () => {
    const { subscription, billing } = await serveShop();
    const cancel = `#graphql
      mutation Cancel($id: ID!) {
        appSubscriptionCancel(id: $id) { appSubscription { status } userErrors { field message } }
      }`;

    expect(await billing.mutate(cancel, { id: subscription.id })).toMatchObject({
      ok: true,
      payload: { appSubscription: { status: "CANCELLED" } },
    });
    expect(await billing.mutate(cancel, { id: "gid://shopify/AppSubscription/404" })).toMatchObject(
      { ok: false, retryable: false },
    );
  });

  test("is retried like any other, with its key in the text", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("lostAfter", 1, "mutations");

    const result = await billing.mutate(
      `mutation Charge($id: ID!) {
        appUsageRecordCreate(
          subscriptionLineItemId: $id, description: "x", price: { amount: 1, currencyCode: USD }
          idempotencyKey: "event-1"
        ) { appUsageRecord { id } userErrors { message } }
      }`,
      { id: lineItemId },
    );

    expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
    expect(admin.ledger).toHaveLength(1);
  });

  test.each([
    ["no GraphQL", "{ shop", /^document must be valid GraphQL: /],
    ["a fragment alone", "fragment A on Shop { id }", /^document must be .*exactly one/],
    ["two operations", "query A { shop { id } } query B { shop { id } }", /exactly one/],
    ["nothing", undefined, /or GraphQL as a string$/],
    ["a function", () => names, /or GraphQL as a string$/],
    ["another object", { query: names }, /or GraphQL as a string$/],
  ])("that is %s is refused, and the error says what to pass", async (_, document, message) => {
    const { admin, billing } = await serveShop();

    expect(await settled(billing.query(document as string, {}))).toMatchObject({
      name: "InvalidInputError",
      field: "document",
      message: expect.stringMatching(message),
    });
    expect(admin.requests).toHaveLength(0);
  });
});

test("narrowUserErrors narrows a payload that came by other means", async () => {
  const { shop, lineItemId } = await serveShop();
  const response = await shop.graphql(
    `mutation ($id: ID!) {
      update: appSubscriptionLineItemUpdate(id: $id, cappedAmount: { amount: 1, currencyCode: USD }) {
        confirmationUrl
        userErrors { field message }
      }
    }`,
    { variables: { id: lineItemId } },
  );
  const { data } = (await response.json()) as {
    data: {
      update: { confirmationUrl: string | null; userErrors: readonly { message: string }[] };
    };
  }; // JSON enters.

  expect(narrowUserErrors(data.update)).toMatchObject({
    ok: false,
    userErrors: [{ field: ["cappedAmount"] }],
  });
});
