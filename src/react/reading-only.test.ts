import { fileURLToPath } from "node:url";
import { createRequest } from "@urql/core";
import { build } from "vite";
import { beforeEach, describe, expect, test } from "vitest";
import { apiVersions } from "../api-versions.js";
import * as defaultEntry from "../index.js";
import { createAdminSimulator, type AdminSimulator } from "../testing/index.js";
import * as entry from "./index.js";
import * as serverEntry from "./server.js";
import { appBridgeFetch } from "../../test/react/app-bridge.js";

const DOMAIN = "example.myshopify.com";

/** The bundle of an entry as a page has it, without other packages. */
async function bundle(file: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      lib: { entry: fileURLToPath(new URL(file, import.meta.url)), formats: ["es"] },
      rolldownOptions: { external: [/^[^./]/] },
    },
  });
  const outputs = Array.isArray(built) ? built : "output" in built ? [built] : [];
  return outputs
    .flatMap(({ output }) => output)
    .map((part) => (part.type === "chunk" ? part.code : ""))
    .join("\n");
}

const MUTATION = /operation["']?:\s*["'`]mutation/;

describe("the bundle of a page", () => {
  test.each(["./index.ts", "./server.ts"])("of %s has no mutation in it", async (file) => {
    const code = await bundle(file);
    expect(code).toContain("activeSubscriptions");
    expect(code).toContain("usageRecords");
    expect(code).not.toMatch(MUTATION);
    expect(code).not.toMatch(/appUsageRecordCreate|appSubscription(LineItemUpdate|Create|Cancel)/);
    expect(code).not.toContain("createUsageRecord");
  });

  test("of the client has, so that the test above would see it", async () => {
    const code = await bundle("../index.ts");
    expect(code).toMatch(MUTATION);
    expect(code).toContain("appUsageRecordCreate");
    expect(code).toContain("createUsageRecord");
  });
});

test("the two documents are the same in every API version, so that one server serves all hooks", async () => {
  const variables = { subscriptionId: "gid://shopify/AppSubscription/1", first: 1 };
  const keysOf = (version: typeof defaultEntry): readonly number[] => [
    createRequest(version.ActiveSubscriptionsDocument, {}).key,
    createRequest(version.UsageRecordsDocument, variables).key,
  ];
  for (const { handle } of apiVersions) {
    const version: typeof defaultEntry = await import(`../versions/${handle}.ts`);
    expect(keysOf(version), handle).toEqual(keysOf(defaultEntry));
  }
});

test("the entries export nothing that can charge", () => {
  expect(Object.keys(entry).sort()).toEqual([
    "UsageBillingProvider",
    "createReadingClient",
    "createUsageBillingHooks",
    "useUsageBalance",
    "useUsageLineItem",
    "useUsageRecords",
  ]);
  expect(Object.keys(serverEntry).sort()).toEqual(["answerRead", "prefetchUsage"]);
});

describe("the client of a page", () => {
  let admin: AdminSimulator;

  beforeEach(() => {
    admin = createAdminSimulator({ now: "2025-01-31T12:00:00Z" });
    const shop = admin.addShop({ shop: DOMAIN, accessToken: "shpat_test" });
    shop.createSubscription({
      cappedAmount: { amount: "100", currencyCode: "USD" },
      status: "ACTIVE",
      number: 1,
    });
  });

  test("refuses to charge, and sends nothing", async () => {
    const client = entry.createReadingClient({
      fetch: appBridgeFetch(admin, DOMAIN, "shpat_test"),
    });
    const result = await client
      .mutation(defaultEntry.AppUsageRecordCreateDocument, {
        subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1?v=1&index=0",
        price: { amount: "1", currencyCode: "USD" },
        description: "Forged",
        idempotencyKey: "forged",
      })
      .toPromise();
    expect(result.error?.networkError).toMatchObject({ name: "InvalidInputError" });
    expect(admin.requests).toHaveLength(0);
    expect(admin.ledger).toHaveLength(0);
  });

  test("asks App Bridge by default, in the default API version, by POST and without a token", async () => {
    const seen: { url: string; init: RequestInit | undefined }[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      seen.push({ url: String(input), init });
      return appBridgeFetch(admin, DOMAIN, "shpat_test")(input, init);
    };
    const client = entry.createReadingClient({ fetch });
    const result = await client.query(defaultEntry.ActiveSubscriptionsDocument, {}).toPromise();
    expect(result.data?.currentAppInstallation.activeSubscriptions).toHaveLength(1);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe(`shopify:admin/api/2026-10/graphql.json`);
    expect(seen[0]?.init?.method).toBe("POST");
    expect(new Headers(seen[0]?.init?.headers).has("x-shopify-access-token")).toBe(false);
  });

  test("takes the global fetch at each call, which App Bridge replaces when it is loaded", async () => {
    const { fetch } = globalThis;
    const client = entry.createReadingClient({ apiVersion: "2026-10" });
    globalThis.fetch = appBridgeFetch(admin, DOMAIN, "shpat_test");
    try {
      const result = await client.query(defaultEntry.ActiveSubscriptionsDocument, {}).toPromise();
      expect(result.error).toBeUndefined();
    } finally {
      globalThis.fetch = fetch;
    }
    expect(admin.requests[0]?.apiVersion).toBe("2026-10");
  });

  test("refuses an unknown option", () => {
    const options = { endpoint: "/api", acessToken: "shpat_test" };
    expect(() => entry.createReadingClient(options)).toThrow(/acessToken is unknown/);
  });
});
