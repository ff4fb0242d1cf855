import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createUsageBillingClient } from "shopify-usage-billing";
import {
  createAdminSimulator,
  documentedExamples,
  FAULT_NAMES,
} from "shopify-usage-billing/testing";

// All code of docs/simulator.md is in this test, to the letter.
test("the code of docs/simulator.md does what the page says", async () => {
  const admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_test" });
  shop.createSubscription({
    cappedAmount: { amount: "10.00", currencyCode: "USD" },
    terms: "$1 for 1000 emails",
    status: "ACTIVE",
  });

  const billing = createUsageBillingClient({
    shop: "example.myshopify.com",
    accessToken: "shpat_test",
    fetch: admin.fetch,
  });
  const result = await billing.createUsageRecord({
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
    idempotencyKey: "email-batch-1",
  });
  expect(result.ok).toBe(true);

  expect(admin.ledger).toMatchObject([
    {
      shop: "example.myshopify.com",
      idempotencyKey: "email-batch-1",
      price: { amount: "1.0", currencyCode: "USD" },
      attempts: [admin.requests.at(-1)?.id], // all requests that asked for this charge
    },
  ]);

  const { endpoint, close } = await admin.listen();
  const overHttp = createUsageBillingClient({
    shop: "example.myshopify.com",
    accessToken: "shpat_test",
    endpoint: endpoint("2025-01"),
  });
  const usage = await overHttp.activeUsageLineItem();
  expect(usage?.balanceUsed.amount).toBe("1.0");
  await close();

  admin.faults.next("lostAfter"); // the charge is made, and the response is lost
  const repeated = await billing.createUsageRecord({
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
    idempotencyKey: "email-batch-2",
  });
  expect(repeated.ok).toBe(true); // the client has tried again with the same key
  expect(admin.ledger).toHaveLength(2); // one for each key

  admin.faults.rate({ lostBefore: 0.1, tooManyRequests: { rate: 0.05, retryAfter: "0.1" } });
  admin.faults.latency({ min: 20, max: 80 });
  admin.faults.clear();

  const plan = shop.createSubscription({
    name: "Growth",
    recurring: { price: { amount: "29.00", currencyCode: "USD" } },
    cappedAmount: { amount: "200.00", currencyCode: "USD" },
  });
  expect(plan.status).toBe("PENDING");
  shop.approve(plan.id); // the subscription before it is cancelled
  expect(shop.subscriptions.map(({ status }) => status)).toEqual(["CANCELLED", "ACTIVE"]);
  shop.freeze(plan.id);
  shop.unfreeze(plan.id);
  shop.cancel(plan.id);

  const expiring = createAdminSimulator({ clock: "manual" });
  const tokenShop = expiring.addShop({
    shop: "tokens.myshopify.com",
    accessToken: "shpat_first",
    offlineTokens: "expiring",
    apiKey: "client-id",
    apiSecret: "client-secret",
  });
  const pair = tokenShop.offlineToken; // { accessToken, expiresAt, refreshToken, refreshTokenExpiresAt }
  expect(pair?.expiresAt).toBe(expiring.clock.now() + 60 * 60 * 1000);

  const hooked = createAdminSimulator({ clock: "manual" });
  const hookedShop = hooked.addShop({
    shop: "webhooks.myshopify.com",
    accessToken: "shpat_test",
    apiSecret: "client-secret",
  });
  const topics: unknown[] = [];
  hookedShop.subscribeToWebhooks({
    to: (request) => {
      topics.push(request.headers.get("x-shopify-topic")); // or your app's own handler
      return new Response();
    },
  });
  hooked.faults.webhooks.next("twice");
  hookedShop.approve(
    hookedShop.createSubscription({ cappedAmount: { amount: "100.00", currencyCode: "USD" } }).id,
  );
  await hooked.webhooksDelivered();
  expect(topics).toEqual(["app_subscriptions/update", "app_subscriptions/update"]);

  const later = createAdminSimulator({ now: "2025-01-31T12:00:00Z", clock: "manual" });
  later.clock.advance(30 * 24 * 60 * 60 * 1000);
  expect(new Date(later.clock.now()).toISOString()).toBe("2025-03-02T12:00:00.000Z");

  const documented = createAdminSimulator({ cappedAmountMessage: "example" });
  documentedExamples(documented);
  const server = await documented.listen(); // send the examples to server.endpoint("2025-01")
  await server.close();

  const page = await admin.listen(0, {
    cors: true,
    fallback: () => Response.json(admin.shops.flatMap((shop) => shop.subscriptions)),
  });
  expect(await (await fetch(page.url)).json()).toMatchObject([
    { name: "Usage plan" },
    plan.toJSON(),
  ]);
  await page.close();
});

test("docs/simulator.md shows no other code, and names every fault", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  const page = read("../../docs/simulator.md");
  const lines = new Set(
    read("simulator-page.test.ts")
      .split("\n")
      .map((line) => line.trim()),
  );
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  expect(blocks.length).toBeGreaterThan(5);
  const shown = blocks
    .join("")
    .split("\n")
    .filter((line) => !line.startsWith("import "));
  for (const line of shown) expect(lines).toContain(line.trim());
  for (const name of FAULT_NAMES) expect(page).toContain(`\`${name}\``);
});
