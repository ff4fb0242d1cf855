import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { newestApiVersion } from "../../api-versions.js";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
  type Webhook,
  type WebhookSubscriptionOptions,
} from "../index.js";

const SECRET = "the app's client secret";
const USD = { currencyCode: "USD" };
const MINUTE = 60_000;

const shopify = shopifyApi({
  apiKey: "the app's client id",
  apiSecretKey: SECRET,
  hostName: "app.example",
  apiVersion: ApiVersion.July26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
});

interface Received {
  readonly topic: string | null;
  readonly id: string | null;
  readonly body: unknown;
  readonly checked: object;
}

function setUp(
  options: AdminSimulatorOptions = {},
  subscription: Partial<WebhookSubscriptionOptions> = {},
): { admin: AdminSimulator; shop: Shop; received: Received[] } {
  const admin = createAdminSimulator({ now: "2026-11-01T00:00:00Z", clock: "manual", ...options });
  const shop = admin.addShop({
    shop: "example.myshopify.com",
    accessToken: "shpat_example",
    apiSecret: SECRET,
  });
  const received: Received[] = [];
  shop.subscribeToWebhooks({
    to: async (request) => {
      const rawBody = await request.text();
      const checked = await shopify.webhooks.validate({ rawBody, rawRequest: request });
      received.push({
        topic: request.headers.get("x-shopify-topic"),
        id: request.headers.get("x-shopify-webhook-id"),
        body: JSON.parse(rawBody),
        checked,
      });
    },
    ...subscription,
  });
  return { admin, shop, received };
}

function subscribe(shop: Shop): string {
  const { id } = shop.createSubscription({ cappedAmount: { amount: 100, ...USD } });
  shop.approve(id);
  return id;
}

describe("a webhook", () => {
  test("is signed so that Shopify's own package accepts it", async () => {
    const { admin, shop, received } = setUp();
    const id = subscribe(shop);
    await admin.webhooksDelivered();
    expect(received).toEqual([
      {
        topic: "app_subscriptions/update",
        id: admin.webhooks[0]?.id,
        checked: {
          valid: true,
          webhookType: "webhooks",
          hmac: expect.any(String),
          topic: "APP_SUBSCRIPTIONS_UPDATE",
          domain: "example.myshopify.com",
          apiVersion: newestApiVersion,
          webhookId: admin.webhooks[0]?.id,
          eventId: admin.webhooks[0]?.eventId,
          triggeredAt: "2026-11-01T00:00:00.000000Z",
        },
        body: {
          app_subscription: {
            admin_graphql_api_id: id,
            name: "Usage plan",
            status: "ACTIVE",
            admin_graphql_api_shop_id: expect.stringMatching(/^gid:\/\/shopify\/Shop\/\d+$/),
            created_at: "2026-11-01T00:00:00Z",
            updated_at: "2026-11-01T00:00:00Z",
            currency: "USD",
            capped_amount: "100.0",
            price: null,
            interval: "every_30_days",
            plan_handle: null,
          },
        },
      },
    ]);
  });

  test("is listed with its delivery, and emitted", async () => {
    const { admin, shop } = setUp();
    const emitted: Webhook[] = [];
    admin.on("webhook", (webhook) => emitted.push(webhook));
    subscribe(shop);
    await admin.webhooksDelivered();
    expect(admin.webhooks).toMatchObject([
      {
        topic: "APP_SUBSCRIPTIONS_UPDATE",
        shop: "example.myshopify.com",
        outcome: "delivered",
        attempts: [{ status: 200, error: null }],
      },
    ]);
    expect(emitted).toEqual(admin.webhooks);
    expect(JSON.stringify(admin.webhooks)).not.toContain(SECRET);
  });

  test("really goes to a URL, and is sent again until it is accepted", async () => {
    const statuses = [500, 503, 200];
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += String(piece)));
      request.on("end", () => {
        bodies.push(body);
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    onTestFinished(() => {
      server.close();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { admin, shop } = setUp({}, { to: `http://127.0.0.1:${port}/webhooks` });
    subscribe(shop);
    await admin.webhooksDelivered();
    expect(bodies).toHaveLength(1);
    for (const minutes of [1, 2]) {
      admin.clock.advance(minutes * MINUTE);
      await admin.webhooksDelivered();
    }
    expect(new Set(bodies).size).toBe(1);
    expect(admin.webhooks[0]).toMatchObject({
      outcome: "delivered",
      attempts: [{ status: 500 }, { status: 503 }, { status: 200 }],
    });
  });

  test("is given up after eight retries in four hours, which ends the subscription", async () => {
    const { admin, shop } = setUp({}, { to: () => Promise.reject(new Error("down")) });
    const id = subscribe(shop);
    await admin.webhooksDelivered();
    for (let minutes = 0; minutes < 240; minutes++) {
      admin.clock.advance(MINUTE);
      await admin.webhooksDelivered();
    }
    expect(admin.webhooks[0]?.outcome).toBe("failed");
    expect(admin.webhooks[0]?.attempts).toHaveLength(9);
    expect(admin.webhooks[0]?.attempts.at(-1)).toMatchObject({
      at: Date.parse("2026-11-01T04:00:00Z"),
      status: null,
      error: "down",
    });
    shop.cancel(id);
    await admin.webhooksDelivered();
    expect(admin.webhooks).toHaveLength(1);
  });

  test("goes to the app and shop it is about, for the topics that were asked for", async () => {
    const { admin, shop, received } = setUp({}, { topics: ["APP_UNINSTALLED"] });
    const other = admin.addShop({ shop: "other.myshopify.com", accessToken: "other" });
    subscribe(shop);
    subscribe(other);
    other.uninstall();
    await admin.webhooksDelivered();
    expect(received).toEqual([]);
  });

  test.each(["ftp://app.example", "webhooks", "javascript:alert(1)"])("does not go to %s", (to) => {
    const { shop } = setUp();
    expect(() => shop.subscribeToWebhooks({ to })).toThrow(/must be an HTTP URL or a function/);
  });
});

describe("what sends webhooks", () => {
  test("every change of a subscription and its cap, but not its creation", async () => {
    const { admin, shop, received } = setUp();
    const id = subscribe(shop);
    shop.freeze(id);
    shop.unfreeze(id);
    const lineItem = shop.activeSubscription?.usageLineItem?.id;
    await shop.graphql(
      `mutation ($id: ID!, $cappedAmount: MoneyInput!) {
        appSubscriptionLineItemUpdate(id: $id, cappedAmount: $cappedAmount) { userErrors { message } }
      }`,
      { variables: { id: lineItem, cappedAmount: { amount: "200.00", ...USD } } },
    );
    shop.approve(id);
    shop.cancel(id);
    await admin.webhooksDelivered();
    expect(
      received.map(({ body }) => {
        const { app_subscription: it } = body as {
          app_subscription: { status: string; capped_amount: string };
        }; // JSON enters
        return [it.status, it.capped_amount];
      }),
    ).toEqual([
      ["ACTIVE", "100.0"],
      ["FROZEN", "100.0"],
      ["ACTIVE", "100.0"],
      ["ACTIVE", "200.0"],
      ["CANCELLED", "200.0"],
    ]);
  });

  test("90 % of the cap, once a period", async () => {
    const { admin, shop, received } = setUp(
      {},
      { topics: ["APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT"] },
    );
    const id = subscribe(shop);
    for (const price of ["89.99", "0.01", "5.00"]) shop.addUsageRecords([{ price }]);
    await admin.webhooksDelivered();
    expect(admin.webhooks).toHaveLength(1);
    admin.clock.advance(30 * 24 * 60 * MINUTE);
    shop.addUsageRecords([{ price: "95.00" }]);
    await admin.webhooksDelivered();
    expect(admin.webhooks).toHaveLength(2);
    expect(JSON.parse(admin.webhooks[0]?.body ?? "")).toMatchObject({
      app_subscription: {
        admin_graphql_api_id: id,
        balance_used: 90,
        capped_amount: "100.0",
        currency_code: "USD",
      },
    });
    void received;
  });

  test("a one-time purchase that is approved", async () => {
    const { admin, shop, received } = setUp();
    await shop.graphql(`mutation {
      appPurchaseOneTimeCreate(
        name: "Setup"
        price: { amount: 10, currencyCode: USD }
        returnUrl: "https://app.example"
      ) { userErrors { message } }
    }`);
    shop.approve(shop.openApprovals[0]?.id ?? "");
    await admin.webhooksDelivered();
    expect(received).toMatchObject([
      {
        topic: "app_purchases_one_time/update",
        body: { app_purchase_one_time: { name: "Setup", status: "ACTIVE" } },
      },
    ]);
  });

  test("uninstalling, which ends the subscription, the token and the webhooks", async () => {
    const { admin, shop, received } = setUp();
    subscribe(shop);
    shop.uninstall();
    await admin.webhooksDelivered();
    expect(received.map(({ topic }) => topic)).toEqual([
      "app_subscriptions/update",
      "app_subscriptions/update",
      "app/uninstalled",
    ]);
    expect(received.at(-1)?.body).toMatchObject({ myshopify_domain: "example.myshopify.com" });
    expect(shop.offlineToken).toBeNull();
    expect((await shop.graphql("{ __typename }")).status).toBe(401);
  });
});

describe("webhooks that go wrong", () => {
  const topics = ({ received }: { received: Received[] }): unknown[] =>
    received.map(({ body }) => {
      const { app_subscription: it } = body as { app_subscription: { status: string } }; // JSON enters
      return it.status;
    });

  test("late: by the simulated clock", async () => {
    const set = setUp();
    set.admin.faults.webhooks.next({ name: "late", milliseconds: 10 * MINUTE });
    subscribe(set.shop);
    set.admin.clock.advance(9 * MINUTE);
    await set.admin.webhooksDelivered();
    expect(set.received).toEqual([]);
    set.admin.clock.advance(MINUTE);
    await set.admin.webhooksDelivered();
    expect(topics(set)).toEqual(["ACTIVE"]);
  });

  test("twice: with the same ids", async () => {
    const set = setUp();
    set.admin.faults.webhooks.next("twice");
    subscribe(set.shop);
    await set.admin.webhooksDelivered();
    expect(set.received).toHaveLength(2);
    expect(new Set(set.received.map(({ id }) => id)).size).toBe(1);
    expect(set.admin.webhooks).toMatchObject([{ fault: "twice", outcome: "delivered" }]);
  });

  test("out of order: after the next one", async () => {
    const set = setUp();
    set.admin.faults.webhooks.next("outOfOrder");
    const id = subscribe(set.shop);
    set.shop.freeze(id);
    await set.admin.webhooksDelivered();
    expect(topics(set)).toEqual(["FROZEN", "ACTIVE"]);
  });

  test("never", async () => {
    const set = setUp();
    set.admin.faults.webhooks.next("never");
    subscribe(set.shop);
    await set.admin.webhooksDelivered();
    expect(set.received).toEqual([]);
    expect(set.admin.webhooks).toMatchObject([{ fault: "never", outcome: "suppressed" }]);
  });

  test("at a rate that repeats with its seed", async () => {
    const run = async (seed: number): Promise<unknown[]> => {
      const set = setUp({ seed });
      set.admin.faults.webhooks.rate({ twice: 0.3, never: 0.3 });
      const id = subscribe(set.shop);
      for (let times = 0; times < 10; times++) {
        set.shop.freeze(id);
        set.shop.unfreeze(id);
      }
      await set.admin.webhooksDelivered();
      return set.admin.webhooks.map(({ fault }) => fault);
    };
    const faults = await run(7);
    expect(faults).toContain("twice");
    expect(faults).toContain("never");
    expect(await run(7)).toEqual(faults);
    expect(await run(8)).not.toEqual(faults);
  });

  test("by a name or rate that makes no sense is refused", () => {
    const { webhooks } = setUp().admin.faults;
    expect(() => webhooks.next("lost" as "late")).toThrow(
      /^Unknown webhook fault "lost"; expected/,
    );
    expect(() => webhooks.next("late", 0)).toThrow(/^times must be a whole number/);
    expect(() => webhooks.rate({ late: 2 })).toThrow(/^rates must be probabilities/);
  });
});
