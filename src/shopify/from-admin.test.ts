import type { shopifyApp } from "@shopify/shopify-app-react-router/server";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import {
  installApp,
  shopifyPackages,
  type InstalledApp,
} from "../../test/shopify-packages/packages.js";
import {
  AbortedError,
  AuthenticationError,
  InvalidInputError,
  TimeoutError,
  UsageBillingError,
} from "../errors/index.js";
import type { UsageBillingClientOptions } from "../options.js";
import { FAULT_NAMES, type FaultName } from "../testing/index.js";
import { createUsageBillingClient as createClient202501 } from "../versions/2025-01.js";
import { createUsageBillingClient, type UsageBillingClient } from "../versions/2026-10.js";
import { fromAdmin, type ShopifyAdmin } from "./index.js";

const shop = "example.myshopify.com";
/** Short only where no answer ends the wait. */
function timeoutFor(fault: FaultName): number {
  return /^noAnswer|Body$/.test(fault) ? 100 : 10_000;
}

const charge = {
  description: "1000 emails",
  price: { amount: "1.00", currencyCode: "USD" },
  idempotencyKey: "event-1",
} as const;

async function connect(
  where: () => Promise<{ admin: ShopifyAdmin }>,
  options: Pick<UsageBillingClientOptions, "retry" | "timeout"> = {},
): Promise<UsageBillingClient> {
  const { admin } = await where();
  return createUsageBillingClient({ ...fromAdmin(admin, { shop }), ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<UsageBillingError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof UsageBillingError) return error;
  throw new Error(`No UsageBillingError, but ${String(error)}`);
}

it("takes the `admin` that the packages' types describe", () => {
  type App = ReturnType<typeof shopifyApp>;
  type Authenticated = Awaited<ReturnType<App["authenticate"]["admin"]>>;
  type Unauthenticated = Awaited<ReturnType<App["unauthenticated"]["admin"]>>;
  expectTypeOf<Authenticated["admin"]>().toExtend<ShopifyAdmin>();
  expectTypeOf<Unauthenticated["admin"]>().toExtend<ShopifyAdmin>();
});

it("refuses an object without graphql", () => {
  // As where JavaScript passes the whole context instead of its `admin`.
  const context: unknown = { admin: {} };
  expect(() => fromAdmin(context as ShopifyAdmin, { shop })).toThrow(InvalidInputError);
});

describe("a graphql that does not resolve to a Response", () => {
  it.each([
    ["data", { appUsageRecordCreate: {} }],
    ["a GraphQL answer", { data: {}, extensions: {} }],
    ["undefined", undefined],
  ])("(%s) is refused, and not tried again", async (_, resolved) => {
    let requests = 0;
    const graphql = (): Promise<never> => {
      requests += 1;
      return Promise.resolve(resolved as never);
    };
    const billing = createUsageBillingClient(fromAdmin({ graphql }, { shop }));
    const line = "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0";

    const error = await failureOf(
      billing.createUsageRecord({ ...charge, subscriptionLineItemId: line }),
    );

    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({
      field: "admin.graphql",
      message: expect.stringContaining("pass the `admin` of `authenticate.admin(request)`"),
      // It may have been sent by then.
      certainty: "unknown",
      idempotencyKey: "event-1",
      attempts: 1,
    });
    expect(requests).toBe(1);
  });
});

describe.each(shopifyPackages)("admin of $name", (shopifyPackage) => {
  let app: InstalledApp = installApp(shopifyPackage);
  afterEach(() => {
    app = installApp(shopifyPackage);
  });

  describe.each(["inBackground", "inAction"] as const)("%s", (place) => {
    const connectHere = (options?: Pick<UsageBillingClientOptions, "retry" | "timeout">) =>
      connect(app[place], options);

    it("charges, with the idempotency key", async () => {
      const billing = await connectHere();
      const first = await billing.createUsageRecord(charge);
      const again = await billing.createUsageRecord(charge);
      expect(first).toMatchObject({ ok: true, usageRecord: { idempotencyKey: "event-1" } });
      expect(again).toMatchObject({ ok: true });
      expect(app.simulator.ledger.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["event-1"]);
    });

    it("keeps request id, API version and cost of the answer", async () => {
      const billing = await connectHere();
      const result = await billing.createUsageRecord(charge);
      const { requests } = app.simulator;
      expect(result.meta).toMatchObject({
        requestId: requests.at(-1)?.id,
        attempts: 1,
        apiVersion: { requested: "2026-10", served: "2026-10" },
        cost: { requested: 13, actual: 13, throttle: { maximumAvailable: 2000 } },
      });
    });

    it("asks for the client's API version, not the app's", async () => {
      const { admin } = await app[place]();
      await createClient202501(fromAdmin(admin, { shop })).activeUsageLineItem();
      await createUsageBillingClient(fromAdmin(admin, { shop })).activeUsageLineItem();
      const versions = app.simulator.requests.map(({ apiVersion }) => apiVersion);
      expect(versions).toEqual(["2025-01", "2026-10"]);
    });

    it("reads records page by page", async () => {
      app.shop.addUsageRecords([{ price: "1" }, { price: "2" }, { price: "3" }]);
      const prices: string[] = [];
      for await (const { price } of (await connectHere()).usageRecords({ pageSize: 2 })) {
        prices.push(price.amount);
      }
      expect(prices).toEqual(["1.0", "2.0", "3.0"]);
    });

    it("narrows user errors", async () => {
      const price = { amount: "100.01", currencyCode: "USD" } as const;
      const result = await (await connectHere()).createUsageRecord({ ...charge, price });
      expect(result).toMatchObject({
        ok: false,
        certainty: "notApplied",
        userErrors: [{ code: "CAPPED_AMOUNT_EXCEEDED" }],
      });
    });

    /** What a fault looks like from outside: the error's name and its certainty. */
    const seen: Partial<Record<FaultName, readonly [name: string, certainty: string]>> = {
      // Whether a connection was made at all is hidden by Shopify's client.
      lostBefore: ["NetworkError", "unknown"],
      lostAfter: ["NetworkError", "unknown"],
      tooManyRequests: ["ThrottledError", "notApplied"],
      serverErrorBefore: ["ServerError", "unknown"],
      serverErrorAfter: ["ServerError", "unknown"],
      requestTimeoutAfter: ["InvalidResponseError", "unknown"],
      unauthorized: ["AuthenticationError", "notApplied"],
      // Shopify's client follows it, to a host that does not exist.
      redirect: ["NetworkError", "unknown"],
      throttled: ["ThrottledError", "notApplied"],
      accessDenied: ["AccessDeniedError", "notApplied"],
      internalErrorBefore: ["ServerError", "unknown"],
      internalErrorAfter: ["ServerError", "unknown"],
      nullRecord: ["ServerError", "unknown"],
      brokenJson: ["InvalidResponseError", "unknown"],
      truncatedBody: ["InvalidResponseError", "unknown"],
      emptyBody: ["InvalidResponseError", "unknown"],
      echo: ["ServerError", "unknown"],
    };

    it.each(Object.entries(seen))("%s is %j", async (fault, [name, certainty]) => {
      const billing = await connectHere({ retry: false });
      app.simulator.faults.next(fault as FaultName, 1, "mutations");
      const error = await failureOf(billing.createUsageRecord(charge));
      expect(error).toMatchObject({
        name,
        certainty,
        idempotencyKey: "event-1",
        attempts: 1,
      });
    });

    it.each(FAULT_NAMES)("never says notApplied of a charge that was made: %s", async (fault) => {
      const billing = await connectHere({ retry: false, timeout: timeoutFor(fault) });
      app.simulator.faults.next(fault, 1, "mutations");
      const outcome = await billing.createUsageRecord(charge).catch((error: unknown) => {
        if (error instanceof UsageBillingError) return { ok: false, certainty: error.certainty };
        throw error;
      });
      const surelyNot = !outcome.ok && "certainty" in outcome && outcome.certainty === "notApplied";
      expect(surelyNot && app.simulator.ledger.length > 0).toBe(false);
    });

    const passing = ["unauthorized", "accessDenied", "resolverError"];
    it.each(FAULT_NAMES.filter((fault) => !passing.includes(fault)))(
      "charges once in spite of %s",
      async (fault) => {
        const retry = { minDelay: 1, maxDelay: 5 };
        const billing = await connectHere({ retry, timeout: timeoutFor(fault) });
        const details = fault === "tooManyRequests" ? { retryAfter: "0.01" } : {};
        app.simulator.faults.next({ name: fault, ...details }, 1, "mutations");
        expect(await billing.createUsageRecord(charge)).toMatchObject({ ok: true });
        expect(app.simulator.ledger).toHaveLength(1);
      },
    );

    it.each([
      ["frozen", "ShopUnavailableError", 402],
      ["forbidden", "AccessDeniedError", 403],
      ["closed", "ShopUnavailableError", 404],
      ["locked", "ShopUnavailableError", 423],
    ] as const)("a shop that is %s is a %s", async (status, name, code) => {
      const billing = await connectHere();
      app.shop.setStatus(status);
      const error = await failureOf(billing.createUsageRecord(charge));
      expect(error).toMatchObject({ name, certainty: "notApplied", status: code });
    });

    it("says that a bad variable was not executed", async () => {
      // The types know no such currency.
      const currencyCode = "XXL" as "USD";
      const subscriptionLineItemId = app.shop.subscriptions[0]?.usageLineItem?.id ?? "";
      const billing = await connectHere();
      const error = await failureOf(
        billing.createUsageRecord({
          ...charge,
          subscriptionLineItemId,
          price: { amount: 1, currencyCode },
        }),
      );
      expect(error).toMatchObject({ name: "GraphQLRequestError", certainty: "notApplied" });
    });

    it("ends at the timeout", async () => {
      const billing = await connectHere({ retry: false, timeout: 30 });
      app.simulator.faults.next("noAnswerAfter");
      expect(await failureOf(billing.activeUsageLineItem())).toBeInstanceOf(TimeoutError);
    });

    it("ends at the signal", async () => {
      const billing = await connectHere();
      app.simulator.faults.next("noAnswerAfter");
      const signal = AbortSignal.timeout(30);
      const error = await failureOf(billing.activeUsageLineItem({}, { signal }));
      expect(error).toBeInstanceOf(AbortedError);
    });

    it("cannot keep Shopify's client from following a redirect with the token", async () => {
      const billing = await connectHere({ retry: false });
      app.simulator.faults.next("redirect", 1, "mutations");
      await failureOf(billing.createUsageRecord(charge));
      const { host, hasToken } = app.simulator.requests.at(-1) ?? {};
      expect([host, hasToken]).toEqual(["elsewhere.example", true]);
    });

    it("is refused together with an endpoint", async () => {
      const { admin } = await app[place]();
      const endpoint = "https://proxy.example/admin/api/2026-10/graphql.json";
      const billing = createUsageBillingClient({ ...fromAdmin(admin, { shop }), endpoint });
      expect(await failureOf(billing.createUsageRecord(charge))).toMatchObject({
        name: "InvalidInputError",
        field: "endpoint",
        certainty: "notApplied",
      });
    });
  });

  it("gives the Response that starts a new authorization as the cause of a 401", async () => {
    const inAction = await connect(app.inAction);
    app.simulator.faults.next("unauthorized");
    const error = await failureOf(inAction.createUsageRecord(charge));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.cause).toBeInstanceOf(Response);
    expect(error.cause).toMatchObject({ status: 401 });
  });

  it("reports that nothing was sent if the session lost its token", async () => {
    const { admin } = await app.inBackground();
    const { session } = await app.inBackground();
    Object.assign(session, { accessToken: undefined });
    const billing = createUsageBillingClient(fromAdmin(admin, { shop }));
    const error = await failureOf(billing.createUsageRecord(charge));
    expect(error).toMatchObject({ name: "AuthenticationError", certainty: "notApplied" });
    expect(app.simulator.requests).toEqual([]);
  });

  it("gives the redirect that starts a new authorization, if the browser requested a page", async () => {
    const billing = await connect(app.inDocument);
    app.simulator.faults.next("unauthorized");
    const error = await failureOf(billing.createUsageRecord(charge));
    expect(error).toMatchObject({ name: "AuthenticationError", status: 401 });
    expect(error.cause).toMatchObject({ status: 302 });
  });
});
