import { readFileSync } from "node:fs";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import worker, { type Env } from "./worker.js";

let admin = createAdminSimulator();
let domain = "";
let count = 0;

beforeEach(() => {
  // Another shop for each test, as the worker keeps its clients.
  count += 1;
  domain = `shop-${count}.myshopify.com`;
  admin = createAdminSimulator();
  const shop = admin.addShop({ shop: domain, accessToken: "token" });
  const cappedAmount = { amount: "10.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  vi.stubGlobal("fetch", admin.fetch);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const env: Env = {
  ACCESS_TOKENS: { get: (shop) => Promise.resolve(shop === domain ? "token" : null) },
  USAGE_SECRET: "secret",
};

function post(usage: object | string, secret = "secret"): Promise<Response> {
  const request = new Request("https://worker.example/usage", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: typeof usage === "string" ? usage : JSON.stringify(usage),
  });
  return worker.fetch(request, env);
}

describe("the worker", () => {
  it("charges, once for each key", async () => {
    const responses = [
      await post({ shop: domain, emails: 1500, key: "a" }),
      await post({ shop: domain, emails: 1500, key: "a" }),
      await post({ shop: domain, emails: 70, key: "b" }),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await responses[0]?.json()).toEqual({
      charged: { amount: "1.5", currencyCode: "USD" },
      key: "a",
    });
    expect(admin.ledger.map(({ price }) => price.amount)).toEqual(["1.5", "0.07"]);
  });

  it("charges once though the answer was lost", async () => {
    admin.faults.next("lostAfter", 1, "mutations");
    expect((await post({ shop: domain, emails: 1000, key: "a" })).status).toBe(200);
    expect(admin.ledger).toHaveLength(1);
  });

  it("says what Shopify refused", async () => {
    const response = await post({ shop: domain, emails: 20_000, key: "a" });
    expect(response.status).toBe(402);
    expect(await response.json()).toMatchObject({
      refused: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
      certainty: "notApplied",
    });
  });

  it("asks to be asked again where it is open whether the charge was made", async () => {
    admin.faults.rate({ internalErrorAfter: 1 }, "mutations");
    const response = await post({ shop: domain, emails: 1000, key: "a" });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: "ServerError", certainty: "unknown" });

    admin.faults.clear();
    expect((await post({ shop: domain, emails: 1000, key: "a" })).status).toBe(200);
    expect(admin.ledger).toHaveLength(1);
  });

  it("has no token for a shop that did not install the app", async () => {
    const response = await post({ shop: "other.myshopify.com", emails: 1, key: "a" });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: "AccessTokenError" });
  });

  it.each([
    [{ shop: "nowhere.example", emails: 1, key: "a" }],
    [{ shop: "x.myshopify.com", emails: 0.5, key: "a" }],
    [{ shop: "x.myshopify.com", emails: 1 }],
    ["no JSON"],
  ])("refuses %j", async (usage) => {
    expect((await post(usage)).status).toBe(400);
    expect(admin.requests).toEqual([]);
  });

  it("is for the app's other parts only", async () => {
    expect((await post({ shop: domain, emails: 1, key: "a" }, "guess")).status).toBe(401);
    const other = await worker.fetch(new Request("https://worker.example/"), env);
    expect(other.status).toBe(404);
  });

  it("imports nothing of Node", () => {
    const source = readFileSync(new URL("worker.ts", import.meta.url), "utf8");
    expect(source).not.toMatch(/from "(?!shopify-usage-billing)/);
  });
});
