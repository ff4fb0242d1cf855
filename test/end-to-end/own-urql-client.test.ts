import {
  Client,
  fetchExchange as stockFetchExchange,
  makeErrorResult,
  stringifyDocument,
  type Exchange,
} from "@urql/core";
import {
  createUsageBillingClient,
  InvalidInputError,
  type UsageBillingEvent,
} from "shopify-usage-billing/2026-10";
import { adminExchange } from "shopify-usage-billing/urql";
import { describe, expect, test, vi } from "vitest";
import { fromPromise, fromValue, mergeMap, pipe } from "wonka";
import {
  CHARGE,
  requestsDone,
  serveShop,
  settled,
  skipWaits,
  stopTime,
  TOKEN,
} from "./served-shop.js";

const STOCK = {
  preferGetMethod: false,
  fetchOptions: { headers: { "x-shopify-access-token": TOKEN } },
} as const;

/** A urql client as an app may have one already. */
function stockClient(url: string, exchanges: Exchange[] = [stockFetchExchange]): Client {
  return new Client({ url, exchanges, ...STOCK });
}

describe("an app's urql client with urql's own fetch exchange", () => {
  test("charges, with null for what it hides", async () => {
    const { admin, endpoint } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint) });

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(result).toMatchObject({
      ok: true,
      usageRecord: { id: admin.ledger[0]?.id },
      meta: {
        requestId: null,
        attempts: null,
        idempotencyKey: "event-1",
        apiVersion: { requested: "2026-10", served: null },
        cost: { requested: 13, actual: 13 },
        test: false,
        warnings: [],
      },
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("does not know whether a refused call had other attempts", async () => {
    const { endpoint, lineItemId } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint) });

    const result = await billing.createUsageRecord({
      ...CHARGE,
      price: { amount: 1_000, currencyCode: "USD" },
      subscriptionLineItemId: lineItemId,
    });

    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
      certainty: "unknown",
      meta: { attempts: null },
    });
  });

  test.each([
    "lostBefore",
    "lostAfter",
    "tooManyRequests",
    "serverErrorAfter",
    "brokenJson",
  ] as const)("reports %s as a NetworkError of unknown certainty", async (fault) => {
    const { admin, endpoint, lineItemId } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint), retry: false });
    admin.faults.next(fault);

    const error = await settled(
      billing.createUsageRecord({
        ...CHARGE,
        idempotencyKey: "event-1",
        subscriptionLineItemId: lineItemId,
      }),
    );

    expect(error).toMatchObject({
      name: "NetworkError",
      certainty: "unknown",
      idempotencyKey: "event-1",
      attempts: null,
      requestId: null,
      status: null,
    });
  });

  test("reports GraphQL errors as any client does", async () => {
    const { admin, endpoint, lineItemId } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint), retry: false });
    admin.faults.next("throttled");

    const error = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(error).toMatchObject({ name: "ThrottledError", attempts: null });
  });

  test("an aborted charge may have been made", async () => {
    const { admin, endpoint, lineItemId } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint) });
    const controller = new AbortController();
    admin.faults.next("noAnswerAfter");
    const done = requestsDone(admin);
    const outcome = settled(
      billing.createUsageRecord(
        { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: lineItemId },
        controller,
      ),
    );
    await done;

    controller.abort("left");

    expect(await outcome).toMatchObject({
      name: "AbortedError",
      cause: "left",
      certainty: "unknown",
      idempotencyKey: "event-1",
      attempts: null,
    });
    expect(admin.ledger).toHaveLength(1);
  });

  test("a call's own timeout ends what the app's exchanges never answer", async () => {
    const { admin, endpoint, lineItemId } = await serveShop();
    stopTime();
    const signals: (AbortSignal | null | undefined)[] = [];
    const client = new Client({
      url: endpoint,
      exchanges: [stockFetchExchange],
      ...STOCK,
      fetch: (url, init) => {
        signals.push(init?.signal);
        return fetch(url, init);
      },
    });
    const billing = createUsageBillingClient({ client });
    admin.faults.next("noAnswerAfter");
    const done = requestsDone(admin);
    const outcome = settled(
      billing.createUsageRecord(
        { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: lineItemId },
        { timeout: 30, retry: false },
      ),
    );
    await done;
    vi.advanceTimersByTime(30);

    expect(await outcome).toMatchObject({
      name: "TimeoutError",
      certainty: "unknown",
      retryable: true,
      idempotencyKey: "event-1",
      attempts: null,
    });
    expect(admin.ledger).toHaveLength(1);
    expect(signals).toMatchObject([{ aborted: true }]);
  });

  test("a call that timed out is retried with its key, and charges once", async () => {
    const { admin, endpoint, lineItemId } = await serveShop();
    const client = stockClient(endpoint);
    const attempts: number[] = [];
    const pass = skipWaits();
    const billing = createUsageBillingClient({
      client,
      onEvent: (event) => {
        if (event.type === "request") attempts.push(event.attempt);
        pass(event);
      },
    });
    admin.faults.next("noAnswerAfter");
    const done = requestsDone(admin);
    const charge = billing.createUsageRecord(
      { ...CHARGE, idempotencyKey: "event-1", subscriptionLineItemId: lineItemId },
      { timeout: 30 },
    );
    await done;
    vi.advanceTimersByTime(30);

    expect(await charge).toMatchObject({ ok: true, usageRecord: { idempotencyKey: "event-1" } });
    expect(attempts).toEqual([1, 2]);
    expect(admin.ledger).toHaveLength(1);
  });

  test("equal concurrent calls are two, and one can be aborted alone", async () => {
    const { admin, endpoint } = await serveShop();
    const billing = createUsageBillingClient({ client: stockClient(endpoint) });
    const controllers = [new AbortController(), new AbortController()];
    admin.faults.latency(100);
    const outcomes = controllers.map((controller) =>
      settled(billing.activeUsageLineItem({}, controller)),
    );
    const arrived = async (): Promise<void> => {
      while (admin.clock.waiting < 2) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    };
    await arrived();

    controllers[0]?.abort("left");
    admin.clock.advance(100);

    expect(await Promise.all(outcomes)).toMatchObject([
      { name: "AbortedError", cause: "left" },
      { balanceRemaining: { amount: "100.0" } },
    ]);
  });

  test("reads and manages as well", async () => {
    const { shop, endpoint, subscription } = await serveShop();
    shop.addUsageRecords([{ price: 1 }, { price: 2 }, { price: 3 }]);
    const billing = createUsageBillingClient({ client: stockClient(endpoint) });

    const prices: string[] = [];
    for await (const { price } of billing.usageRecords({ pageSize: 2 })) prices.push(price.amount);
    const cancelled = await billing.cancelSubscription({ id: subscription.id });

    expect(prices).toEqual(["1.0", "2.0", "3.0"]);
    expect(cancelled).toMatchObject({
      ok: true,
      payload: { appSubscription: { status: "CANCELLED" } },
    });
  });
});

test("an exchange that sends in another way what adminExchange failed to send may have charged", async () => {
  const { admin, endpoint, lineItemId } = await serveShop();
  const another: Exchange =
    ({ forward }) =>
    (operations) =>
      pipe(
        forward(operations),
        mergeMap((result) => {
          const { operation, error } = result;
          if (!error) return fromValue(result);
          const body = {
            query: stringifyDocument(operation.query),
            variables: operation.variables,
          };
          const headers = { "content-type": "application/json", "x-shopify-access-token": TOKEN };
          const sent = fetch(endpoint, {
            method: "POST",
            headers,
            body: JSON.stringify(body),
          });
          // Charges, and loses the answer.
          return fromPromise(sent.then(() => makeErrorResult(operation, new Error("lost"))));
        }),
      );
  const withoutAccess = adminExchange({ endpoint, accessToken: "shpat_of_yesterday" });
  const client = stockClient(endpoint, [another, withoutAccess]);
  const billing = createUsageBillingClient({ client, retry: false });

  const error = await settled(
    billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
  );

  expect(admin.ledger).toHaveLength(1);
  expect(error).toMatchObject({ name: "NetworkError", certainty: "unknown", attempts: null });
});

describe("an app's urql client with adminExchange", () => {
  test("charges exactly once despite all faults, with retries and events, and hides nothing", async () => {
    const { admin, endpoint, charges } = await serveShop();
    const events: UsageBillingEvent[] = [];
    const pass = skipWaits();
    const onEvent = (event: UsageBillingEvent): void => {
      events.push(event);
      pass(event);
    };
    const billing = createUsageBillingClient({
      client: stockClient(endpoint, [adminExchange({ endpoint, accessToken: TOKEN })]),
      onEvent,
    });
    admin.faults.next("lostAfter", 1, "mutations");

    const result = await billing.createUsageRecord({ ...CHARGE, idempotencyKey: "event-1" });

    expect(result).toMatchObject({
      ok: true,
      meta: {
        requestId: charges().at(-1)?.id,
        attempts: 2,
        apiVersion: { requested: "2026-10", served: "2026-10" },
      },
    });
    expect(admin.ledger).toHaveLength(1);
    expect(events.filter(({ type }) => type === "retry")).toMatchObject([
      { operationName: "AppUsageRecordCreate", idempotencyKey: "event-1" },
    ]);
  });

  test("knows what a failed call did", async () => {
    const { endpoint, lineItemId } = await serveShop({ shop: { status: "frozen" } });
    const billing = createUsageBillingClient({
      client: stockClient(endpoint, [adminExchange({ endpoint, accessToken: TOKEN })]),
    });

    const error = await settled(
      billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }),
    );

    expect(error).toMatchObject({
      name: "ShopUnavailableError",
      status: 402,
      certainty: "notApplied",
      attempts: 1,
    });
  });

  test("hands nothing to fetch once the call is aborted, at whatever moment the token comes", async () => {
    const { admin, endpoint, lineItemId } = await serveShop();
    let handedOver = 0;
    for (let turns = 0; turns < 30; turns += 1) {
      const controller = new AbortController();
      const accessToken = async (): Promise<string> => {
        const abort = async (): Promise<void> => {
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          controller.abort();
        };
        void abort();
        return TOKEN;
      };
      const heedless: typeof fetch = (url, init) => {
        expect(controller.signal.aborted).toBe(false);
        handedOver += 1;
        return fetch(url, { ...init, signal: null });
      };
      const exchange = adminExchange({ endpoint, accessToken, fetch: heedless });
      const billing = createUsageBillingClient({ client: stockClient(endpoint, [exchange]) });

      const outcome = await settled(
        billing.createUsageRecord({ ...CHARGE, subscriptionLineItemId: lineItemId }, controller),
      );

      expect(outcome).toMatchObject({ name: "AbortedError" });
    }
    await vi.waitFor(() => expect(admin.ledger).toHaveLength(handedOver));
    // Some were aborted before, and some after.
    expect(handedOver).toBeGreaterThan(0);
    expect(handedOver).toBeLessThan(30);
  });

  test("serves the app's own operations beside the billing", async () => {
    const { admin, endpoint } = await serveShop();
    const client = stockClient(endpoint, [adminExchange({ endpoint, accessToken: TOKEN })]);
    const { ActiveSubscriptionsDocument } = await import("shopify-usage-billing/2026-10");

    // The same query again and again while it is under way, as components of a page would.
    const results = await Promise.all(
      Array.from({ length: 50 }, () =>
        client
          .query(ActiveSubscriptionsDocument, {}, { requestPolicy: "network-only" })
          .toPromise(),
      ),
    );
    const charge = await createUsageBillingClient({ client }).createUsageRecord(CHARGE);

    expect(results.every(({ data }) => data?.currentAppInstallation.activeSubscriptions)).toBe(
      true,
    );
    expect(charge.ok).toBe(true);
    expect(admin.ledger).toHaveLength(1);
  });
});

describe("client excludes", () => {
  test.each([
    ["accessToken", TOKEN],
    ["fetch", fetch],
    ["endpoint", "https://example.myshopify.com/admin/api/2026-10/graphql.json"],
    ["timeout", 1_000],
  ])("%s", (name, value) => {
    const client = stockClient("https://example.myshopify.com/");
    const create = (): unknown =>
      Reflect.apply(createUsageBillingClient, null, [{ client, [name]: value }]);

    expect(create).toThrow(InvalidInputError);
    expect(create).toThrow(`${name} must not be given together with client`);
    expect(create).not.toThrow(TOKEN);
  });
});
