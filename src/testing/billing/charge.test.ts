import { describe, expect, test, vi } from "vitest";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
  type ShopOptions,
} from "../index.js";

const CHARGE = `mutation ($lineItem: ID!, $price: MoneyInput!, $description: String!, $key: String) {
  appUsageRecordCreate(
    subscriptionLineItemId: $lineItem
    price: $price
    description: $description
    idempotencyKey: $key
  ) {
    appUsageRecord {
      id
      price { amount currencyCode }
      subscriptionLineItem { plan { pricingDetails { ... on AppUsagePricing { balanceUsed { amount } } } } }
    }
    userErrors { field message }
  }
}`;

interface Payload {
  readonly appUsageRecord: {
    readonly id: string;
    readonly price: { readonly amount: string };
    readonly subscriptionLineItem: {
      readonly plan: { readonly pricingDetails: { readonly balanceUsed: { amount: string } } };
    };
  } | null;
  readonly userErrors: readonly { field: readonly string[] | null; message: string }[];
}

interface Charge {
  readonly lineItem?: string | undefined;
  readonly amount?: string | number;
  readonly currencyCode?: string;
  readonly description?: string;
  readonly key?: string;
}

function setUp(
  options: AdminSimulatorOptions = {},
  shopOptions: Partial<ShopOptions> = {},
): { admin: AdminSimulator; shop: Shop } {
  const admin = createAdminSimulator({ clock: "manual", ...options });
  const shop = admin.addShop({
    shop: "example.myshopify.com",
    accessToken: "shpat_example",
    ...shopOptions,
  });
  shop.createSubscription({
    recurring: { price: { amount: "10", currencyCode: "USD" } },
    cappedAmount: { amount: "100", currencyCode: "USD" },
    status: "ACTIVE",
  });
  return { admin, shop };
}

async function charge(shop: Shop, input: Charge = {}): Promise<Payload> {
  const response = await shop.graphql(CHARGE, {
    variables: {
      lineItem: input.lineItem ?? shop.activeSubscription?.usageLineItem?.id,
      price: { amount: input.amount ?? "1.00", currencyCode: input.currencyCode ?? "USD" },
      description: input.description ?? "1000 emails",
      key: input.key,
    },
  });
  const { data } = (await response.json()) as { data: { appUsageRecordCreate: Payload } }; // JSON enters
  return data.appUsageRecordCreate;
}

function balance(shop: Shop): string | undefined {
  return shop.activeSubscription?.usageLineItem?.usagePricing?.balanceUsed.amount;
}

describe("user errors", () => {
  const refusals: readonly [string, Charge, readonly string[] | null, string][] = [
    ["above the cap", { amount: "100.01" }, null, "Total price exceeds balance remaining"],
    ["another currency", { currencyCode: "EUR" }, ["price"], "Currency code must be USD"],
    ["less than half a cent", { amount: "0.004" }, ["price"], "must be greater than zero"],
    [
      "a key of 256 characters",
      { key: "k".repeat(256) },
      ["idempotencyKey"],
      "Idempotency key exceeds the maximum length.",
    ],
    ["a blank description", { description: " \n" }, ["description"], "Description can't be blank"],
    ["a price of zero", { amount: "0.00" }, ["price"], "must be greater than zero"],
    ["a price below zero", { amount: "-1" }, ["price"], "must be greater than zero"],
    [
      "an unknown line item",
      { lineItem: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0" },
      ["subscriptionLineItemId"],
      "Invalid id",
    ],
    [
      "a line item without usage pricing",
      { lineItem: "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=0" },
      ["subscriptionLineItemId"],
      "Subscription line item must have a usage pricing plan",
    ],
  ];
  test.each(refusals)("%s", async (_, input, field, message) => {
    const { admin, shop } = setUp();
    const payload = await charge(shop, input);
    expect(payload).toEqual({ appUsageRecord: null, userErrors: [{ field, message }] });
    expect(admin.ledger).toEqual([]);
  });

  test.each([
    ["custom", "Custom apps cannot use the Billing API"],
    ["undistributed", "Apps without a public distribution cannot use the Billing API"],
    ["managedPricing", "Managed Pricing Apps cannot use the Billing API (to create charges)."],
  ] as const)("an app that is %s", async (distribution, message) => {
    const { shop } = setUp({}, { distribution });
    expect((await charge(shop)).userErrors).toEqual([{ field: null, message }]);
  });

  test.each(["PENDING", "DECLINED", "EXPIRED", "FROZEN", "CANCELLED"] as const)(
    "a subscription that is %s",
    async (status) => {
      const admin = createAdminSimulator();
      const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
      const { usageLineItem } = shop.createSubscription({
        cappedAmount: { amount: 100, currencyCode: "USD" },
        status,
      });
      const { userErrors } = await charge(shop, { lineItem: usageLineItem?.id });
      expect(userErrors).toEqual([{ field: null, message: "Subscription is not active" }]);
    },
  );

  test("the other text for a charge above the cap, on request", async () => {
    const { shop } = setUp({ cappedAmountMessage: "example" });
    const { userErrors } = await charge(shop, { amount: 101 });
    expect(userErrors).toEqual([{ field: null, message: "Failed to create usage charge" }]);
  });

  test("a line item of another shop is unknown", async () => {
    const { admin, shop } = setUp();
    const other = admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" });
    const { userErrors } = await charge(other, {
      lineItem: shop.activeSubscription?.usageLineItem?.id,
    });
    expect(userErrors).toEqual([{ field: ["subscriptionLineItemId"], message: "Invalid id" }]);
  });

  test("a user who may not manage billing is denied access", async () => {
    const { admin, shop } = setUp({}, { mayManageBilling: false });
    const response = await shop.graphql(CHARGE, {
      variables: {
        lineItem: shop.activeSubscription?.usageLineItem?.id,
        price: { amount: "1.00", currencyCode: "USD" },
        description: "1000 emails",
      },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { appUsageRecordCreate: null },
      errors: [
        {
          message: expect.stringMatching(
            /^Access denied for appUsageRecordCreate field\. Required access: /,
          ),
          path: ["appUsageRecordCreate"],
          extensions: {
            code: "ACCESS_DENIED",
            documentation: expect.any(String),
            requiredAccess: expect.any(String),
          },
        },
      ],
      extensions: { cost: { actualQueryCost: 10 } },
    });
    expect(admin.ledger).toEqual([]);
  });
});

test("a balance that a plan change carries over refuses charges although balanceUsed reads 0", async () => {
  const { admin, shop } = setUp({ carryOverBalance: true, clock: "manual" });
  await charge(shop, { amount: "60.00" });
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  expect(balance(shop)).toBe("0.0");
  expect((await charge(shop, { amount: "40.01" })).userErrors).toEqual([
    { field: null, message: "Failed to create usage charge" },
  ]);
  expect((await charge(shop, { amount: "40.00" })).userErrors).toEqual([]);
  admin.clock.advance(30 * 24 * 60 * 60 * 1000);
  expect((await charge(shop, { amount: "100.00" })).userErrors).toEqual([]);
});

describe("money", () => {
  test("the cap can be used up to the last cent, and no further", async () => {
    const { shop } = setUp();
    expect((await charge(shop, { amount: "99.99" })).userErrors).toEqual([]);
    expect((await charge(shop, { amount: "0.02" })).userErrors).toHaveLength(1);
    expect((await charge(shop, { amount: "0.01" })).userErrors).toEqual([]);
    expect(balance(shop)).toBe("100.0");
  });

  test("ten times ten cents is one dollar", async () => {
    const { shop } = setUp();
    for (let times = 0; times < 10; times++) await charge(shop, { amount: 0.1 });
    expect(balance(shop)).toBe("1.0");
  });

  test.each([
    [1, "1.0"],
    ["1", "1.0"],
    ["12.50", "12.5"],
    [100.0, "100.0"],
    ["1.345", "1.35"],
    ["0.30000000000000004", "0.3"],
    ["0.005", "0.01"],
    ["1e2", "100.0"],
  ])("the amount %j is rounded to cents, and printed as %s", async (amount, printed) => {
    const { shop } = setUp();
    expect((await charge(shop, { amount })).appUsageRecord?.price.amount).toBe(printed);
  });

  test("a currency without cents is rounded to whole units", async () => {
    const admin = createAdminSimulator();
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
    const cappedAmount = { amount: "1000", currencyCode: "JPY" };
    shop.createSubscription({ cappedAmount, status: "ACTIVE" });
    const { appUsageRecord } = await charge(shop, { amount: "1.5", currencyCode: "JPY" });
    expect(appUsageRecord?.price.amount).toBe("2.0");
  });

  test("USDC is a result only: a resolver refuses it", async () => {
    const { admin, shop } = setUp();
    const response = await shop.graphql(CHARGE, {
      apiVersion: "2026-10",
      variables: {
        lineItem: shop.activeSubscription?.usageLineItem?.id,
        price: { amount: "1.00", currencyCode: "USDC" },
        description: "1000 emails",
      },
    });
    expect(await response.json()).toMatchObject({
      data: { appUsageRecordCreate: null },
      errors: [{ path: ["appUsageRecordCreate"], extensions: { code: "CURRENCY_CODE_INVALID" } }],
    });
    expect(admin.ledger).toEqual([]);
  });

  test.each(['"9007199254740993.01"', "9007199254740993.01"])(
    "an amount that no float holds survives: %s",
    async (literal) => {
      const admin = createAdminSimulator();
      const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
      shop.createSubscription({
        cappedAmount: { amount: "9007199254740993.02", currencyCode: "USD" },
        status: "ACTIVE",
      });
      const variables = `{
        "lineItem": "${shop.activeSubscription?.usageLineItem?.id}",
        "price": { "amount": ${literal}, "currencyCode": "USD" },
        "description": "a \\"quoted\\" 12345678901234567890"
      }`;
      const response = await admin.fetch(
        "https://example.myshopify.com/admin/api/2025-01/graphql.json",
        {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-shopify-access-token": "shpat_example",
          },
          body: `{"query": ${JSON.stringify(CHARGE)}, "variables": ${variables}}`,
        },
      );
      expect(await response.json()).toMatchObject({
        data: {
          appUsageRecordCreate: { appUsageRecord: { price: { amount: "9007199254740993.01" } } },
        },
      });
      expect(admin.ledger[0]?.description).toBe('a "quoted" 12345678901234567890');
    },
  );

  test("an amount that no float holds survives in the document, too", async () => {
    const admin = createAdminSimulator();
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
    shop.createSubscription({
      cappedAmount: { amount: "9007199254740993.02", currencyCode: "USD" },
      status: "ACTIVE",
    });
    await shop.graphql(`mutation {
      appUsageRecordCreate(
        subscriptionLineItemId: "${shop.activeSubscription?.usageLineItem?.id}"
        price: { amount: 9007199254740993.01, currencyCode: USD }
        description: "1000 emails"
      ) { userErrors { message } }
    }`);
    expect(admin.ledger[0]?.price.amount).toBe("9007199254740993.01");
  });

  test("test subscriptions pass their cap only on request", async () => {
    for (const testChargesPassCap of [false, true]) {
      const admin = createAdminSimulator({ testChargesPassCap });
      const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
      shop.createSubscription({
        cappedAmount: { amount: 1, currencyCode: "USD" },
        test: true,
        status: "ACTIVE",
      });
      const { userErrors } = await charge(shop, { amount: 2 });
      expect(userErrors).toHaveLength(testChargesPassCap ? 0 : 1);
    }
  });

  test("a balance that was carried over counts", async () => {
    const admin = createAdminSimulator();
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
    shop.createSubscription({
      cappedAmount: { amount: 10, currencyCode: "USD" },
      balanceUsed: "9.50",
      status: "ACTIVE",
    });
    expect((await charge(shop, { amount: "0.51" })).userErrors).toHaveLength(1);
    expect((await charge(shop, { amount: "0.5" })).userErrors).toEqual([]);
  });
});

describe("idempotency", () => {
  test("without a key every request charges", async () => {
    const { admin, shop } = setUp();
    await charge(shop);
    await charge(shop);
    expect(admin.ledger).toHaveLength(2);
  });

  test("a repeated key gets the first record, even at another price", async () => {
    const { admin, shop } = setUp();
    const first = await charge(shop, { key: "event-1", amount: 5 });
    const second = await charge(shop, { key: "event-1", amount: 7 });
    expect(second).toEqual(first);
    expect(balance(shop)).toBe("5.0");
    expect(admin.ledger).toHaveLength(1);
    expect(admin.ledger[0]?.attempts).toEqual(admin.requests.map(({ id }) => id));
  });

  test("a key that was replayed finds its record after the subscription ended", async () => {
    const { shop } = setUp();
    const lineItem = shop.activeSubscription?.usageLineItem?.id;
    const first = await charge(shop, { key: "event-1" });
    shop.cancel(shop.activeSubscription?.id ?? "");
    expect(await charge(shop, { key: "event-1", lineItem })).toEqual(first);
  });

  test("other shops and other apps may use the same key", async () => {
    const { admin, shop } = setUp();
    const others = [
      admin.addShop({ shop: "other.myshopify.com", accessToken: "shpat_other" }),
      admin.addShop({ shop: "example.myshopify.com", app: "other", accessToken: "shpat_app" }),
    ];
    await charge(shop, { key: "event-1" });
    for (const other of others) {
      other.createSubscription({
        cappedAmount: { amount: 100, currencyCode: "USD" },
        status: "ACTIVE",
      });
      await charge(other, { key: "event-1" });
    }
    expect(admin.ledger).toHaveLength(3);
  });

  test("255 characters are not too many, even where they take more bytes", async () => {
    const { shop } = setUp();
    expect((await charge(shop, { key: "💌".repeat(255) })).userErrors).toEqual([]);
  });

  test("a variable that is sent but not passed has no effect", async () => {
    const { admin, shop } = setUp();
    for (let times = 0; times < 2; times++) {
      await shop.graphql(CHARGE.replace(", $key: String", "").replace("idempotencyKey: $key", ""), {
        variables: {
          lineItem: shop.activeSubscription?.usageLineItem?.id,
          price: { amount: "1.00", currencyCode: "USD" },
          description: "1000 emails",
          key: "event-1",
          idempotencyKey: "event-1",
        },
      });
    }
    expect(admin.ledger.map(({ idempotencyKey }) => idempotencyKey)).toEqual([null, null]);
  });

  test.each(["successes", "all"] as const)(
    "replay of %s: is a refused charge refused again after the cap was raised?",
    async (replay) => {
      const { shop } = setUp({ replay });
      await charge(shop, { key: "event-1", amount: 150 });
      await shop.graphql(
        `mutation ($id: ID!) {
          appSubscriptionLineItemUpdate(id: $id, cappedAmount: { amount: 200, currencyCode: USD }) {
            userErrors { message }
          }
        }`,
        { variables: { id: shop.activeSubscription?.usageLineItem?.id } },
      );
      shop.approve(shop.activeSubscription?.id ?? "");
      const { userErrors } = await charge(shop, { key: "event-1", amount: 150 });
      expect(userErrors).toHaveLength(replay === "all" ? 1 : 0);
    },
  );

  test("a key is in progress for as long as its request lasts", async () => {
    const { admin, shop } = setUp();
    admin.faults.latency(500);
    const first = charge(shop, { key: "event-1" });
    const second = charge(shop, { key: "event-1" });
    await vi.waitUntil(() => admin.clock.waiting === 2);
    admin.clock.advance(500);

    expect((await first).appUsageRecord).not.toBeNull();
    expect((await second).userErrors).toEqual([
      {
        field: ["idempotencyKey"],
        message:
          "Another request for the same idempotency key is being processed. Please try again.",
      },
    ]);
    const third = charge(shop, { key: "event-1" });
    await vi.waitUntil(() => admin.clock.waiting === 1);
    admin.clock.advance(500);
    expect((await third).appUsageRecord?.id).toBe((await first).appUsageRecord?.id);
    expect(admin.ledger).toHaveLength(1);
  });

  test("two requests with one key at the same instant charge once", async () => {
    const { admin, shop } = setUp();
    const payloads = await Promise.all([
      charge(shop, { key: "event-1" }),
      charge(shop, { key: "event-1" }),
    ]);
    expect(payloads[1]).toEqual(payloads[0]);
    expect(admin.ledger).toHaveLength(1);
  });

  test("a test can hold a key, and let it go", async () => {
    const { shop } = setUp();
    const release = shop.holdIdempotencyKey("event-1");
    expect((await charge(shop, { key: "event-1" })).appUsageRecord).toBeNull();
    release();
    expect((await charge(shop, { key: "event-1" })).appUsageRecord).not.toBeNull();
  });
});

test("charges that a test adds are in the ledger, in the balance and in the list", async () => {
  const { admin, shop } = setUp({ now: "2025-01-31T12:00:00Z" });
  shop.addUsageRecords([
    { price: "12.50", createdAt: "2025-01-30T12:00:00Z", idempotencyKey: "old" },
    { price: 2 },
  ]);
  expect(balance(shop)).toBe("14.5");
  expect(admin.ledger).toMatchObject([
    { createdAt: "2025-01-30T12:00:00Z", attempts: [], price: { amount: "12.5" } },
    { createdAt: "2025-01-31T12:00:00Z", description: "Usage" },
  ]);
  expect((await charge(shop, { key: "old" })).appUsageRecord?.price.amount).toBe("12.5");
});
