/**
 * Certainty never lies: what the ledger holds is never called "notApplied".
 *
 * All interleavings of answers, timers, token functions, listeners, other calls and aborts are drawn by
 * fast-check's scheduler; the simulator's ledger is the judge.
 */
import * as fc from "fast-check";
import { createUsageBillingClient, type UsageBillingEvent } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CHARGE, serveShop, settled, SHOP, TOKEN } from "./served-shop.js";

const FIELD = "appUsageRecordCreate";
const IN_USE = "Another request for the same idempotency key is being processed. Please try again.";

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status });
}

function failure(facts: object): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("x"), facts) });
}

type Deliver = () => Promise<Response>;

/** What can become of a request on its way: whether it is delivered, and what the client gets to see. */
const WAYS = {
  delivered: (deliver: Deliver) => deliver(),
  // Executed, and the answer says nothing about it.
  "connection reset": async (deliver: Deliver) => {
    await deliver();
    throw failure({ code: "ECONNRESET", syscall: "read" });
  },
  "way back cut": async (deliver: Deliver) => {
    await deliver();
    throw failure({ code: "EHOSTUNREACH", syscall: "read" });
  },
  "network error": async (deliver: Deliver) => {
    await deliver();
    return Response.error();
  },
  "answer of the other copy": async (deliver: Deliver) => {
    await deliver();
    const userErrors = [{ field: ["idempotencyKey"], message: IN_USE }];
    return json(200, { data: { [FIELD]: { appUsageRecord: null, userErrors } } });
  },
  "error on the field, without data": async (deliver: Deliver) => {
    await deliver();
    const locations = [{ line: 7, column: 3 }];
    return json(200, { errors: [{ message: "Something went wrong", locations, path: [FIELD] }] });
  },
  "not found, after all": async (deliver: Deliver) => {
    await deliver();
    const extensions = { code: "RESOURCE_NOT_FOUND" };
    return json(200, {
      data: { [FIELD]: null },
      errors: [{ message: "x", extensions, path: [FIELD] }],
    });
  },
  "failed internally, after all": async (deliver: Deliver) => {
    await deliver();
    return json(200, { errors: [{ message: "x", extensions: { code: "INTERNAL_SERVER_ERROR" } }] });
  },
  "throttled within the execution": async (deliver: Deliver) => {
    await deliver();
    const errors = [{ message: "Throttled", extensions: { code: "THROTTLED" } }];
    return json(200, { data: { [FIELD]: null }, errors });
  },
  "denied a field of the record": async (deliver: Deliver) => {
    await deliver();
    const path = [FIELD, "appUsageRecord", "subscriptionLineItem"];
    const errors = [{ message: "x", extensions: { code: "ACCESS_DENIED" }, path }];
    return json(200, { data: { [FIELD]: null }, errors });
  },
  "bad gateway": async (deliver: Deliver) => {
    await deliver();
    return new Response("<html>", { status: 502 });
  },
  "request timeout": async (deliver: Deliver) => {
    await deliver();
    return json(408, {});
  },
  "body cut": async (deliver: Deliver) => {
    const text = await (await deliver()).text();
    return new Response(text.slice(0, text.length / 2));
  },
  "body of a failure broken off": async (deliver: Deliver) => {
    await deliver();
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.error(new TypeError("terminated"));
    return new Response(new ReadableStream({ pull }), { status: 403 });
  },
  // Not executed, and proven so.
  refused: async () => {
    throw failure({ code: "ECONNREFUSED", syscall: "connect" });
  },
  unauthorized: async () => json(401, { errors: "Invalid API key or access token" }),
  forbidden: async () => json(403, { errors: "Forbidden" }),
  "too many requests": async () => json(429, {}),
  throttled: async () =>
    json(200, { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] }),
  denied: async () =>
    json(200, {
      data: { [FIELD]: null },
      errors: [{ message: "x", extensions: { code: "ACCESS_DENIED" }, path: [FIELD] }],
    }),
  "over the cap": async () => {
    const userErrors = [{ field: null, message: "Total price exceeds balance remaining" }];
    return json(200, { data: { [FIELD]: { appUsageRecord: null, userErrors } } });
  },
} as const;

type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[]; // its own keys

interface Plan {
  /** What becomes of each request, in order; the rest is delivered. */
  readonly ways: readonly Way[];
  readonly calls: number;
  readonly tokens: "text" | "function" | "function that fails now and then";
  /** The event at which a listener aborts, by its type and how often it was seen; null for none. */
  readonly listener: { readonly type: UsageBillingEvent["type"]; readonly nth: number } | null;
  /** The request in whose `fetch` the app aborts; null for none. */
  readonly fetchAborts: number | null;
  readonly abort: boolean;
  /** Whether all calls share one signal. */
  readonly shared: boolean;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  ways: fc.array(fc.constantFrom(...ways), { maxLength: 8 }),
  calls: fc.integer({ min: 1, max: 4 }),
  tokens: fc.constantFrom("text", "function", "function that fails now and then"),
  listener: fc.option(
    fc.record({
      type: fc.constantFrom("request", "response", "retry", "pacing"),
      nth: fc.integer({ min: 1, max: 4 }),
    }),
  ),
  fetchAborts: fc.option(fc.integer({ min: 1, max: 5 })),
  abort: fc.boolean(),
  shared: fc.boolean(),
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Makes every timer a task of the scheduler: it may fire at any moment, an attempt's timeout before its answer. */
function scheduleTimers(scheduler: fc.Scheduler): void {
  let last = 0;
  const cleared = new Set<unknown>();
  vi.stubGlobal("setTimeout", (run: () => void, milliseconds: number) => {
    last += 1;
    const id = last;
    void scheduler.schedule(Promise.resolve(), `timer of ${milliseconds} ms`).then(() => {
      if (!cleared.has(id)) run();
    });
    return id;
  });
  vi.stubGlobal("clearTimeout", (id: unknown) => cleared.add(id));
}

async function run(plan: Plan, scheduler: fc.Scheduler): Promise<readonly string[]> {
  const admin = createAdminSimulator({ clock: "manual" });
  const shop = admin.addShop({ shop: SHOP, accessToken: TOKEN });
  const subscription = shop.createSubscription({
    cappedAmount: { amount: "100.00", currencyCode: "USD" },
    status: "ACTIVE",
  });
  const subscriptionLineItemId = subscription.usageLineItem?.id;
  const controllers = Array.from({ length: plan.calls }, () => new AbortController());
  const abort = (): void => {
    for (const controller of plan.shared ? controllers : controllers.slice(0, 1))
      controller.abort();
  };
  let requests = 0;
  let askedForTokens = 0;
  const seen = new Map<string, number>();
  scheduleTimers(scheduler);
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken:
      plan.tokens === "text"
        ? TOKEN
        : async () => {
            askedForTokens += 1;
            const fails = plan.tokens !== "function" && askedForTokens % 2 === 0;
            await scheduler.schedule(Promise.resolve(), "token");
            if (fails) throw new Error("The database is down");
            return TOKEN;
          },
    retry: { attempts: 3, minDelay: 1, maxDelay: 1 },
    onEvent: ({ type }) => {
      const count = (seen.get(type) ?? 0) + 1;
      seen.set(type, count);
      if (type === plan.listener?.type && count === plan.listener.nth) abort();
    },
    // It ignores its signal: an aborted request still arrives.
    fetch: async (url, { signal: _, ...init } = {}) => {
      const way = plan.ways[requests] ?? "delivered";
      requests += 1;
      if (requests === plan.fetchAborts) abort();
      const deliver: Deliver = async () => {
        await scheduler.schedule(Promise.resolve(), "request arrives");
        return await admin.fetch(url, init);
      };
      try {
        return await WAYS[way](deliver);
      } finally {
        await scheduler.schedule(Promise.resolve(), `answer: ${way}`);
      }
    },
  });
  const outcomes = controllers.map((controller, index) =>
    settled(
      billing.createUsageRecord(
        { ...CHARGE, idempotencyKey: `key-${index}`, subscriptionLineItemId },
        plan.shared ? controllers[0] : controller,
      ),
    ),
  );
  if (plan.abort) void scheduler.schedule(Promise.resolve(), "abort").then(abort);

  const results = await scheduler.waitFor(Promise.all(outcomes));
  await scheduler.waitIdle(); // What was handed over may arrive after the call has ended.

  return results.map((outcome, index) => {
    const charged = admin.ledger.filter(({ idempotencyKey }) => idempotencyKey === `key-${index}`);
    const { ok, certainty, name }: Partial<Record<string, unknown>> = Object(outcome);
    const said = ok === true ? "charged" : String(certainty);
    const possible = { charged: [1], notApplied: [0], unknown: [0, 1] }[said];
    expect(possible, `${String(name)} says ${said}`).toContain(charged.length);
    return said;
  });
}

test(
  "in no interleaving is a charge that was made called notApplied",
  { timeout: 120_000 },
  async () => {
    const counts = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(plans, fc.scheduler(), async (plan, scheduler) => {
        for (const outcome of await run(plan, scheduler)) {
          counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
        }
      }),
      { numRuns: 600, seed: 1 },
    );
    // Each of the three must occur.
    for (const outcome of ["charged", "notApplied", "unknown"]) {
      expect(counts.get(outcome)).toBeGreaterThan(50);
    }
  },
);

describe("a charge that was made is not called notApplied", () => {
  test("if a listener aborts the call at its answer", async () => {
    const controller = new AbortController();
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({
      onEvent: ({ type }) => {
        if (type === "response") controller.abort();
      },
    });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }, controller),
    );

    expect(admin.ledger).toHaveLength(1);
    expect(outcome).toMatchObject({ name: "AbortedError", certainty: "unknown" });
  });

  test("if the app's fetch aborts a signal that many calls share", async () => {
    const controller = new AbortController();
    const { admin, client, lineItemId } = await serveShop();
    let requests = 0;
    const billing = client({
      fetch: (url, init) => {
        requests += 1;
        if (requests === 30) controller.abort();
        return fetch(url, { ...init, signal: null });
      },
    });
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        settled(
          billing.createUsageRecord(
            { ...CHARGE, idempotencyKey: `key-${index}`, subscriptionLineItemId: lineItemId },
            controller,
          ),
        ),
      ),
    );
    await vi.waitFor(() => expect(admin.ledger).toHaveLength(30));

    const charged = new Set(admin.ledger.map(({ idempotencyKey }) => idempotencyKey));
    const certainties = outcomes.map((outcome): unknown => Object(outcome).certainty);
    const of = (isCharged: boolean): readonly unknown[] =>
      certainties.filter((_, index) => charged.has(`key-${index}`) === isCharged);
    expect(of(true)).not.toContain("notApplied");
    expect(new Set(of(false))).toEqual(new Set(["notApplied"]));
  });

  test.each([
    ["401", "AuthenticationError", async () => json(401, {})],
    ["402", "ShopUnavailableError", async () => json(402, {})],
    ["403", "AccessDeniedError", async () => json(403, {})],
    ["429 to the end", "ThrottledError", async () => json(429, {})],
    ["a refusal for the cap", undefined, WAYS["over the cap"]],
  ] as const)("if its other copy was being processed, and then came %s", async (_, name, next) => {
    const { admin, client, lineItemId } = await serveShop();
    let requests = 0;
    const billing = client({
      retry: { attempts: 3, minDelay: 0, maxDelay: 0 },
      fetch: (url, init) => {
        requests += 1;
        const way = requests === 1 ? WAYS["answer of the other copy"] : next;
        return way(() => fetch(url, init));
      },
    });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(admin.ledger).toHaveLength(1);
    expect(outcome).toMatchObject({ certainty: "unknown", ...(name && { name }) });
  });

  test.each([
    ["way back cut", { name: "NetworkError", retryable: true, attempts: 2 }],
    ["network error", { name: "NetworkError", retryable: true, attempts: 2 }],
    ["error on the field, without data", { name: "GraphQLRequestError", attempts: 1 }],
    ["not found, after all", { name: "GraphQLRequestError", retryable: false, attempts: 1 }],
    ["failed internally, after all", { name: "ServerError", retryable: true, attempts: 2 }],
    ["throttled within the execution", { name: "ThrottledError" }],
    ["denied a field of the record", { name: "AccessDeniedError", attempts: 1 }],
    ["body of a failure broken off", { name: "AccessDeniedError", attempts: 1 }],
  ] as const)("if what the client sees is: %s", async (way, error) => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({
      retry: { attempts: 2, minDelay: 0, maxDelay: 0, deadline: 500 },
      fetch: (url, init) => WAYS[way](() => fetch(url, init)),
    });

    const outcome = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(admin.ledger).toHaveLength(1);
    expect(outcome).toMatchObject({ ...error, certainty: "unknown" });
  });

  test("if its other copy is being processed, and it is sent once only", async () => {
    const { admin, client, lineItemId } = await serveShop();
    const billing = client({
      retry: false,
      fetch: (url, init) => WAYS["answer of the other copy"](() => fetch(url, init)),
    });

    const refusal = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(admin.ledger).toHaveLength(1);
    expect(refusal).toMatchObject({ ok: false, retryable: true, certainty: "unknown" });
  });

  test("a copy's answer leads to the record", async () => {
    const { admin, client, lineItemId } = await serveShop();
    let requests = 0;
    const billing = client({
      retry: { minDelay: 0, maxDelay: 0 },
      fetch: (url, init) => {
        requests += 1;
        const way = requests === 1 ? WAYS["answer of the other copy"] : WAYS.delivered;
        return way(() => fetch(url, init));
      },
    });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({ ok: true, meta: { attempts: 2 } });
    expect(admin.ledger).toHaveLength(1);
  });
});
