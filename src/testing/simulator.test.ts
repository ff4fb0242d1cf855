import { readdirSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { apiVersions, newestApiVersion } from "../api-versions.js";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type RequestRecord,
  type Shop,
} from "./index.js";
import { stableVersion } from "../../test/stable-version.js";

const TOKEN = "shpat_0123456789abcdef";

function setUp(options: AdminSimulatorOptions = {}): { admin: AdminSimulator; shop: Shop } {
  const admin = createAdminSimulator(options);
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: TOKEN });
  shop.createSubscription({
    cappedAmount: { amount: 1000, currencyCode: "USD" },
    status: "ACTIVE",
  });
  return { admin, shop };
}

const CHARGE = `mutation Charge($lineItem: ID!, $description: String!) {
  appUsageRecordCreate(
    subscriptionLineItemId: $lineItem
    price: { amount: 1, currencyCode: USD }
    description: $description
  ) { appUsageRecord { id } userErrors { message } }
}`;

async function charge(shop: Shop, description = "1000 emails"): Promise<void> {
  const lineItem = shop.activeSubscription?.usageLineItem?.id;
  await shop.graphql(CHARGE, { variables: { lineItem, description } });
}

describe("versions", () => {
  test.each(apiVersions.map(({ handle }) => handle))("%s answers by itself", async (apiVersion) => {
    const { shop } = setUp();
    const response = await shop.graphql("{ currentAppInstallation { id } }", { apiVersion });
    expect(response.headers.get("x-shopify-api-version")).toBe(apiVersion);
    expect(await response.json()).toHaveProperty("data.currentAppInstallation.id");
  });

  test.each(apiVersions.map(({ handle }) => handle))(
    "every operation of the package runs in %s",
    async (apiVersion) => {
      const { admin, shop } = setUp();
      const [record] = shop.addUsageRecords([{ price: 1 }]);
      const lineItemId = shop.activeSubscription?.usageLineItem?.id;
      const subscriptionId = shop.activeSubscription?.id;
      const variables: Record<string, Record<string, unknown>> = {
        ActiveSubscriptions: {},
        AppUsageRecordCreate: {
          subscriptionLineItemId: lineItemId,
          price: { amount: "1.00", currencyCode: "USD" },
          description: "1000 emails",
          idempotencyKey: "event-1",
        },
        AppSubscriptionLineItemUpdate: {
          id: lineItemId,
          cappedAmount: { amount: "2000.00", currencyCode: "USD" },
        },
        AppSubscriptionCreate: {
          name: "Plan",
          returnUrl: "https://app.example",
          lineItems: [
            {
              plan: {
                appUsagePricingDetails: {
                  cappedAmount: { amount: "1.00", currencyCode: "USD" },
                  terms: "terms",
                },
              },
            },
          ],
        },
        Subscriptions: { first: 10 },
        UsageRecord: { id: record?.id },
        UsageRecords: { subscriptionId, first: 250 },
        AppSubscriptionCancel: { id: subscriptionId },
      };
      const operations = new URL("../../graphql/", import.meta.url);
      const fragments = readdirSync(new URL("fragments/", operations)).map((file) =>
        readFileSync(new URL(`fragments/${file}`, operations), "utf8"),
      );
      for (const [name, values] of Object.entries(variables)) {
        const text = readFileSync(new URL(`${name}.graphql`, operations), "utf8");
        const response = await shop.graphql(withFragments(text, fragments), {
          variables: values,
          apiVersion,
        });
        const answer: unknown = await response.json();
        expect([name, answer]).toEqual([name, expect.not.objectContaining({ errors: [] })]);
        expect(answer).not.toHaveProperty("errors");
        expect(JSON.stringify(answer)).not.toMatch(/"userErrors":\[\{/);
      }
      expect(admin.ledger).toHaveLength(2);
    },
  );

  test("older ones are answered by the oldest that is supported", async () => {
    const { admin, shop } = setUp({ supportedVersions: [stableVersion(2), stableVersion(1)] });
    for (const [asked, served] of [
      ["2025-01", stableVersion(1)],
      ["2024-04", stableVersion(1)],
      [stableVersion(2), stableVersion(2)],
      ["unstable", "unstable"],
    ] as const) {
      const response = await shop.graphql("{ __typename }", { apiVersion: asked });
      expect(response.headers.get("x-shopify-api-version")).toBe(served);
      expect(admin.requests.at(-1)).toMatchObject({ apiVersion: asked, servedVersion: served });
    }
  });

  test("they can retire as the time goes by", async () => {
    const { admin, shop } = setUp({
      now: "2025-12-31T00:00:00Z",
      clock: "manual",
      supportedVersions: "byDate",
    });
    const served = async (): Promise<string | null> =>
      (await shop.graphql("{ __typename }", { apiVersion: "2025-01" })).headers.get(
        "x-shopify-api-version",
      );
    expect(await served()).toBe("2025-01");
    admin.clock.advance(30 * 24 * 60 * 60 * 1000);
    expect(await served()).toBe(stableVersion(1));
  });

  test("a schema can be given as text", async () => {
    const { shop } = setUp({ schemas: { "2040-01": "type Query { hello: String }" } });
    const response = await shop.graphql("{ hello }", { apiVersion: "2040-01" });
    expect(await response.json()).toMatchObject({ data: { hello: null } });
  });
});

/** An operation with the fragments that it uses, and no others. */
function withFragments(text: string, fragments: readonly string[]): string {
  let whole = text;
  for (let added = true; added;) {
    const next = fragments.find((fragment) => {
      const name = /fragment (\w+) on/.exec(fragment)?.[1];
      return name && whole.includes(`...${name}\n`) && !whole.includes(`fragment ${name} on`);
    });
    added = next !== undefined;
    whole += next ?? "";
  }
  return whole;
}

describe("the log of requests", () => {
  test("contains the request and the response", async () => {
    const { admin, shop } = setUp({ now: "2025-01-31T12:00:00Z", clock: "manual" });
    await charge(shop);
    expect(admin.requests).toEqual([
      {
        id: admin.ledger[0]?.attempts[0] ?? "",
        receivedAt: Date.UTC(2025, 0, 31, 12),
        kind: "graphql",
        host: "example.myshopify.com",
        method: "POST",
        path: `/admin/api/${newestApiVersion}/graphql.json`,
        hasToken: true,
        shop: "example.myshopify.com",
        app: "usage-app",
        apiVersion: newestApiVersion,
        servedVersion: newestApiVersion,
        operationName: "Charge",
        operationType: "mutation",
        rootFields: ["appUsageRecordCreate"],
        query: CHARGE,
        variables: {
          lineItem: shop.activeSubscription?.usageLineItem?.id,
          description: "1000 emails",
        },
        fault: null,
        status: 200,
        response: expect.stringContaining('"appUsageRecord"'),
        errors: [],
        requestedCost: 10,
        actualCost: 10,
        duration: 0,
      } satisfies RequestRecord,
    ]);
  });

  test("holds no token, not even one that the answer shows", async () => {
    const { admin, shop } = setUp();
    admin.faults.next("echo");
    await shop.graphql(`{ __typename } # ${TOKEN}`);
    expect(admin.requests[0]?.response).toContain("[token]");
    expect(admin.requests[0]?.query).toContain("[token]");
    expect(JSON.stringify(admin.requests)).not.toContain(TOKEN);
  });

  test("keeps the latest only", async () => {
    const { admin, shop } = setUp({ requestLimit: 2 });
    for (const name of ["A", "B", "C"]) await shop.graphql(`query ${name} { __typename }`);
    expect(admin.requests.map(({ operationName }) => operationName)).toEqual(["B", "C"]);
  });
});

describe("events", () => {
  test("report requests, charges and subscriptions as they happen, until they are stopped", async () => {
    const { admin, shop } = setUp();
    const seen: string[] = [];
    const stops = [
      admin.on("request", ({ status }) => seen.push(`request ${status}`)),
      admin.on("usageRecord", ({ description }) => seen.push(`charge ${description}`)),
      admin.on("subscription", ({ status }) => seen.push(`subscription ${status}`)),
    ];
    await charge(shop);
    shop.cancel(shop.activeSubscription?.id ?? "");
    shop.createSubscription({ cappedAmount: { amount: 1, currencyCode: "USD" } });
    for (const stop of stops) stop();
    shop.createSubscription({ cappedAmount: { amount: 1, currencyCode: "USD" } });
    expect(seen).toEqual([
      "charge 1000 emails",
      "request 200",
      "subscription CANCELLED",
      "subscription PENDING",
    ]);
  });

  describe("a listener that throws", () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    test("is reported, and breaks no answer", async () => {
      const reported: unknown[] = [];
      vi.stubGlobal("queueMicrotask", (callback: () => void) => {
        try {
          callback();
        } catch (error) {
          reported.push(error);
        }
      });
      const { admin, shop } = setUp();
      const error = new Error("not my day");
      admin.on("usageRecord", () => {
        throw error;
      });
      await charge(shop);
      expect(admin.ledger).toHaveLength(1);
      expect(reported).toEqual([error]);
    });
  });
});

test("the token is nowhere to be seen", async () => {
  const { admin, shop } = setUp();
  const events: unknown[] = [];
  admin.on("request", (event) => events.push(event));
  admin.on("usageRecord", (event) => events.push(event));
  admin.on("subscription", (event) => events.push(event));
  await charge(shop);
  // Careless apps send it where it does not belong.
  await shop.graphql("{ __typename }", { variables: { note: `my token is "${TOKEN}"` } });
  await shop.graphql(`query ${TOKEN} { ${TOKEN}: __typename }`);
  await shop.graphql(`query Broken { ${TOKEN} (`);
  await admin.fetch(`https://example.myshopify.com/${TOKEN}`, {
    headers: { "x-shopify-access-token": TOKEN },
  });
  shop.cancel(shop.activeSubscription?.id ?? "");

  const { requests, shops } = admin;
  const everything = inspect([admin, requests, shops, events, shop.subscriptions], {
    depth: 20,
    getters: true,
    maxArrayLength: null,
  });
  expect(everything).toContain("my token is");
  expect(everything).not.toContain(TOKEN);
  expect(JSON.stringify([admin, requests, events, shop.subscriptions])).not.toContain(TOKEN);
});

describe("invalid input is refused by name, with a remedy", () => {
  test.each<[string, AdminSimulatorOptions, string]>([
    ["a seed of text", { seed: Number("x") }, "seed must be a whole number, got NaN"],
    [
      "a start that is not a time",
      { now: "yesterday" },
      'now must be a Date, milliseconds since 1970, or text such as "2025-01-31T12:00:00Z", up to the year 9999, got "yesterday"',
    ],
    [
      "a backward clock",
      { clock: { speed: -1 } },
      "clock.speed must be the number of simulated milliseconds per real one, such as 100, got -1",
    ],
  ])("%s", (_, options, message) => {
    expect(() => createAdminSimulator(options)).toThrow(message);
  });

  test.each([
    "example",
    "example.com",
    "evil.example/x.myshopify.com",
    "x.myshopify.com@evil.example",
    "Example.myshopify.com",
    "",
  ])("the shop %j", (domain) => {
    expect(() => createAdminSimulator().addShop({ shop: domain, accessToken: "t" })).toThrow(
      `shop must be a domain such as "example.myshopify.com", got ${JSON.stringify(domain)}`,
    );
  });

  test("a token that is empty or taken, and a shop that has the app", () => {
    const { admin } = setUp();
    const shop = "other.myshopify.com";
    expect(() => admin.addShop({ shop, accessToken: "" })).toThrow("accessToken must not be empty");
    expect(() => admin.addShop({ shop, accessToken: TOKEN })).toThrow("accessToken must be unique");
    expect(() => admin.addShop({ shop: "example.myshopify.com", accessToken: "t" })).toThrow(
      'example.myshopify.com has the app "usage-app" already',
    );
  });

  test("time that runs backwards", () => {
    const { clock } = createAdminSimulator();
    expect(() => clock.advance(1e300)).toThrow(/^clock.advance takes milliseconds/);
    expect(clock.now()).toBeLessThan(Date.now() + 1000);
    expect(() => createAdminSimulator({ now: 8.64e15 })).toThrow(/^now must be a Date/);
    expect(() => clock.advance(-1)).toThrow(
      "clock.advance takes milliseconds of zero or more, up to the year 9999, got -1",
    );
  });
});
