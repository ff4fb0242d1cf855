import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RetryEvent, UsageBillingEvent } from "shopify-usage-billing/2026-10";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  CHARGE,
  requestsDone,
  serveShop,
  settled,
  SHOP,
  skipWaits,
  stopTime,
  TOKEN,
} from "./served-shop.js";
import { createUsageBillingClient } from "shopify-usage-billing/2026-10";

function waitsOf(events: readonly UsageBillingEvent[]): number[] {
  return events.filter((event): event is RetryEvent => event.type === "retry").map((e) => e.wait);
}

describe("how often", () => {
  test("five attempts by default", async () => {
    const { admin, client, lineItemId, charges } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.rate({ lostBefore: 1 });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "NetworkError", attempts: 5, certainty: "unknown" });
    expect(charges()).toHaveLength(5);
  });

  test("as many attempts as the options say", async () => {
    const { admin, client, lineItemId, charges } = await serveShop();
    const billing = client({ onEvent: skipWaits(), retry: { attempts: 2 } });
    admin.faults.rate({ serverErrorBefore: 1 });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "ServerError", attempts: 2 });
    expect(charges()).toHaveLength(2);
  });

  test("the error has the key that the client generated, to continue with", async () => {
    const { admin, client, lineItemId, charges } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("lostAfter", 5);
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };

    const error = await settled(billing.createUsageRecord(charge));

    const keys = new Set(charges().map(({ variables }) => variables["idempotencyKey"]));
    expect(keys.size).toBe(1);
    const [idempotencyKey] = keys;
    expect(error).toMatchObject({ idempotencyKey, certainty: "unknown", attempts: 5 });
    const again = await billing.createUsageRecord({
      ...charge,
      idempotencyKey: String(idempotencyKey),
    });
    expect(again).toMatchObject({ ok: true, usageRecord: { id: admin.ledger[0]?.id } });
    expect(admin.ledger).toHaveLength(1);
  });

  test("THROTTLED uses no attempt", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ onEvent: skipWaits(), retry: { attempts: 1 } });
    admin.faults.next("throttled", 12);

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({ ok: true, meta: { attempts: 13 } });
    expect(admin.ledger).toHaveLength(1);
  });

  test("THROTTLED ends at the deadline", async () => {
    const { admin, client, lineItemId, charges } = await serveShop();
    const billing = client({ onEvent: skipWaits(), retry: { deadline: 5_000 } });
    admin.faults.rate({ throttled: 1 });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "ThrottledError", certainty: "notApplied" });
    expect(charges().length).toBeGreaterThan(1);
    expect(charges().length).toBeLessThan(100);
  });

  test("a key that stays in progress is a refusal of unknown certainty", async () => {
    const { shop, client, lineItemId } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    shop.holdIdempotencyKey("event-1");

    const result = await billing.createUsageRecord({
      ...CHARGE,
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "IDEMPOTENCY_KEY_IN_USE" }],
      certainty: "unknown",
      meta: { attempts: 5 },
    });
  });

  test("two calls with one key at the same instant make one charge", async () => {
    const { admin, client, lineItemId, events } = await serveShop({
      simulator: { clock: "running" },
    });
    const billing = client({ retry: { attempts: 100, minDelay: 1, maxDelay: 2 } });
    admin.faults.latency(5);
    const charge = { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: lineItemId };

    const results = await Promise.all([
      billing.createUsageRecord(charge),
      billing.createUsageRecord(charge),
    ]);

    const [record] = admin.ledger;
    expect(admin.ledger).toHaveLength(1);
    expect(waitsOf(events).length).toBeGreaterThan(0);
    expect(results).toMatchObject([
      { ok: true, usageRecord: { id: record?.id } },
      { ok: true, usageRecord: { id: record?.id } },
    ]);
  });
});

describe("how long", () => {
  test.each([
    ["seconds", "2", 2_000],
    ["decimal seconds", "2.0", 2_000],
    ["parts of a second", "0.75", 750],
    ["less than the least backoff", "0", 500],
  ])("Retry-After in %s", async (_, retryAfter, wait) => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next({ name: "tooManyRequests", retryAfter });
    admin.faults.next({ name: "serverErrorBefore", retryAfter });

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(waitsOf(events)).toEqual([wait, wait]);
    expect(admin.ledger).toHaveLength(1);
  });

  test("Retry-After as an HTTP date", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const onEvent = skipWaits();
    vi.setSystemTime(admin.clock.now());
    const billing = client({ onEvent });
    admin.faults.next({ name: "tooManyRequests", retryAfter: "date" });

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(waitsOf(events)).toEqual([1_000]);
  });

  test("a Retry-After beyond the deadline is not waited for, but reported", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({ retry: { deadline: 10_000 } });
    admin.faults.next({ name: "tooManyRequests", retryAfter: "10.5" });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "ThrottledError",
      retryAfter: 10_500,
      attempts: 1,
      certainty: "notApplied",
    });
    expect(waitsOf(events)).toEqual([]);
  });

  test("otherwise a random part of a bound that doubles up to a maximum", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({
      onEvent: skipWaits(),
      retry: { attempts: 6, minDelay: 100, maxDelay: 700 },
    });
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    admin.faults.rate({ lostBefore: 1 });

    await settled(billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }));

    expect(waitsOf(events)).toEqual([50, 100, 200, 350, 350]);
  });

  test("no wait starts that would end after the deadline", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({
      onEvent: skipWaits(),
      retry: { attempts: 100, minDelay: 1_000, maxDelay: 1_000, deadline: 3_500 },
    });
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    admin.faults.rate({ lostBefore: 1 });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "NetworkError", attempts: 4 });
    expect(waitsOf(events)).toEqual([999, 999, 999]);
  });

  test("THROTTLED waits for the missing points", async () => {
    const { shop, admin, client, lineItemId, events } = await serveShop();
    const pass = skipWaits();
    const billing = client({
      onEvent: (event) => {
        if ("wait" in event) admin.clock.advance(event.wait);
        pass(event);
      },
    });
    // Another process takes all points, which this client cannot know.
    shop.drain();

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result.ok).toBe(true);
    const [wait = 0] = waitsOf(events);
    expect(wait).toBeGreaterThanOrEqual(100); // 10 points at 100 per second.
    expect(wait).toBeLessThan(200);
  });

  test("waits for pace count neither as attempts nor against the deadline", async () => {
    const { shop, admin, client, lineItemId, events } = await serveShop({
      shop: { bucket: { maximumAvailable: 20, restoreRate: 1 } },
    });
    const pass = skipWaits();
    const billing = client({
      retry: { attempts: 2, deadline: 15_000 },
      onEvent: (event) => {
        if ("wait" in event) admin.clock.advance(event.wait);
        pass(event);
      },
    });
    const charge = { ...CHARGE, subscriptionLineItemId: lineItemId };
    await billing.createUsageRecord(charge);
    await billing.createUsageRecord(charge);
    expect(shop.throttleStatus.currentlyAvailable).toBeLessThan(10);
    admin.faults.next("lostBefore");

    const result = await billing.createUsageRecord(charge);

    expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
    const paced = events.filter((event) => event.type === "pacing").map(({ wait }) => wait);
    expect(paced.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(15_000);
  });

  test("a slow response is waited for", async () => {
    const { admin, client, lineItemId } = await serveShop();
    stopTime();
    const billing = client({ timeout: 5_000, retry: false });
    admin.faults.next({ name: "slowBody", milliseconds: 1_000 });
    const done = requestsDone(admin);
    const outcome = billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });
    await done;
    const drips = setInterval(() => admin.clock.advance(100), 1);
    onTestFinished(() => {
      clearInterval(drips);
    });

    expect(await outcome).toMatchObject({ ok: true, meta: { attempts: 1 } });
  });

  test("an endless body is bounded", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ retry: false, timeout: 60_000 });
    admin.faults.next("endlessBody");

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "InvalidResponseError",
      message: "The answer is larger than 10485760 bytes",
      certainty: "unknown",
    });
  });
});

describe("what is left open", () => {
  test("a refusal after an attempt that may have been executed is of unknown certainty", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("lostBefore");

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: "1000.00", currencyCode: "USD" },
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
      certainty: "unknown",
      meta: { attempts: 2 },
    });
  });

  test.each(["unauthorized", "redirect", "accessDenied", "tooManyRequests"] as const)(
    "%s after a charge that was lost is of unknown certainty",
    async (last) => {
      const { admin, client, lineItemId } = await serveShop();
      const billing = client({ onEvent: skipWaits(), retry: { attempts: 2 } });
      admin.faults.next("lostAfter");
      admin.faults.next(last);

      const outcome = await settled(
        billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
      );

      expect(outcome).toMatchObject({ certainty: "unknown", attempts: 2 });
      expect(admin.ledger).toHaveLength(1);
    },
  );

  test("faults of the look-up leave nothing open", async () => {
    const { admin, client } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.rate({ lostAfter: 1 });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" }),
    );

    expect(outcome).toMatchObject({
      name: "NetworkError",
      certainty: "notApplied",
      idempotencyKey: "event-1",
      attempts: 5,
    });
  });

  test("if nothing listens, nothing was sent", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo; // It listens on a port.
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      endpoint: `http://127.0.0.1:${port}/graphql.json`,
      onEvent: skipWaits(),
    });

    const outcome = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1",
      }),
    );

    expect(outcome).toMatchObject({
      name: "NetworkError",
      certainty: "notApplied",
      attempts: 5,
      status: null,
    });
  });

  test("a mutation without idempotency key is not retried after an unknown outcome", async () => {
    const { admin, shop, client } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("lostAfter");

    const outcome = await settled(
      billing.createSubscription({
        name: "Bigger plan",
        returnUrl: "https://app.example/",
        usage: { cappedAmount: { amount: 200, currencyCode: "USD" }, terms: "1 USD each" },
      }),
    );

    expect(outcome).toMatchObject({
      name: "NetworkError",
      certainty: "unknown",
      attempts: 1,
      idempotencyKey: null,
    });
    expect(shop.subscriptions).toHaveLength(2);
  });

  test.each(["tooManyRequests", "throttled"] as const)(
    "it is after %s, which surely did nothing",
    async (fault) => {
      const { admin, shop, client } = await serveShop();
      const billing = client({ onEvent: skipWaits() });
      admin.faults.next(fault);

      const result = await billing.createSubscription({
        name: "Bigger plan",
        returnUrl: "https://app.example/",
        usage: { cappedAmount: { amount: 200, currencyCode: "USD" }, terms: "1 USD each" },
      });

      expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
      expect(shop.subscriptions).toHaveLength(2);
    },
  );
});

describe("events", () => {
  test("requests, answers and retries, in order", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next({ name: "serverErrorAfter", status: 502 });

    await billing.createUsageRecord({
      ...CHARGE,
      idempotencyKey: "event-1",
      subscriptionLineItemId: lineItemId,
    });

    const call = { operationName: "AppUsageRecordCreate", idempotencyKey: "event-1" };
    const [first, second] = admin.requests;
    expect(events).toMatchObject([
      { type: "request", ...call, attempt: 1 },
      {
        type: "response",
        ...call,
        attempt: 1,
        status: 502,
        requestId: first?.id,
        error: { name: "ServerError", attempts: 1, idempotencyKey: "event-1" },
      },
      { type: "retry", ...call, attempt: 1, error: { name: "ServerError" } },
      { type: "request", ...call, attempt: 2 },
      { type: "response", ...call, attempt: 2, status: 200, requestId: second?.id, error: null },
    ]);
  });

  test("a key in progress is a retry without an error", async () => {
    const { admin, client, lineItemId, events } = await serveShop();
    const billing = client({ onEvent: skipWaits() });
    admin.faults.next("keyInProgress");

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(events.filter(({ type }) => type === "retry")).toMatchObject([{ error: null }]);
  });

  test("another version and a deprecation, once each per client", async () => {
    const { client, events, lineItemId } = await serveShop({
      simulator: { supportedVersions: ["2026-10"] },
    });
    const headers = {
      "x-shopify-api-version": "2027-01",
      "x-shopify-api-deprecated-reason": "old",
    };
    const billing = client({
      fetch: async (...request) => {
        const answer = await fetch(...request);
        return new Response(answer.body, { headers: { ...headers } });
      },
    });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });
    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(result.meta.apiVersion).toEqual({ requested: "2026-10", served: "2027-01" });
    expect(events.filter(({ type }) => type === "versionDrift")).toEqual([
      { type: "versionDrift", requested: "2026-10", served: "2027-01" },
    ]);
    expect(events.filter(({ type }) => type === "deprecation")).toEqual([
      { type: "deprecation", requested: "2026-10", reason: "old" },
    ]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("The listener is broken");
      },
    ],
    [
      "rejects",
      async () => {
        throw new Error("The listener is broken");
      },
    ],
  ])("a listener that %s breaks nothing", async (_, listener) => {
    const { admin, client, lineItemId } = await serveShop();
    const pass = skipWaits();
    const billing = client({
      onEvent: (event) => {
        pass(event);
        return listener();
      },
    });
    admin.faults.next("lostAfter");

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("the access token", () => {
  test("a function is asked at each attempt", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const accessToken = vi.fn(async () => TOKEN);
    const billing = client({ accessToken, onEvent: skipWaits() });
    admin.faults.next("lostBefore", 2);

    await billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId });

    expect(accessToken).toHaveBeenCalledTimes(3);
  });

  test("one that was refused is requested once more, and the call retried if it changed", async () => {
    const { admin, client, lineItemId, charges } = await serveShop();
    const tokens = ["shpat_expired", TOKEN];
    const billing = client({ accessToken: () => tokens.shift() ?? "" });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
    expect(admin.requests).toHaveLength(2);
    expect(charges().map(({ status }) => status)).toEqual([401, 200]);
  });

  test("the same one again is not sent again", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const accessToken = vi.fn(() => "shpat_expired");
    const billing = client({ accessToken });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "AuthenticationError",
      status: 401,
      certainty: "notApplied",
      attempts: 1,
    });
    expect(accessToken).toHaveBeenCalledTimes(2);
    expect(admin.requests).toHaveLength(1);
  });

  test("a changing one that is always refused is sent twice", async () => {
    const { admin, client, lineItemId } = await serveShop();
    let asked = 0;
    const billing = client({ accessToken: () => `shpat_expired_${(asked += 1)}` });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({ name: "AuthenticationError", attempts: 2 });
    expect(admin.requests).toHaveLength(2);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("The session is gone");
      },
      "The session is gone",
    ],
    ["rejects", () => Promise.reject(new Error("The session is gone")), "The session is gone"],
    ["returns an empty string", () => "", "returned no token"],
    ["returns what no header can carry", () => "shpat_\n", "returned no token"],
  ])("a function that %s is an AccessTokenError; nothing is sent", async (_, accessToken, why) => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({ accessToken });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(outcome).toMatchObject({
      name: "AccessTokenError",
      retryable: true,
      certainty: "notApplied",
      attempts: 0,
      cause: { message: expect.stringContaining(why) },
    });
    expect(admin.requests).toHaveLength(0);
  });
});
