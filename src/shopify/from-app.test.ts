import type { shopifyApp } from "@shopify/shopify-app-react-router/server";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import {
  installApp,
  shopifyPackages,
  type InstalledApp,
} from "../../test/shopify-packages/packages.js";
import { InvalidInputError, isUsageBillingError } from "../errors/index.js";
import { createUsageBillingClient, type UsageBillingClient } from "../versions/2026-10.js";
import { fromApp, type ShopifyApp } from "./index.js";

const shop = "example.myshopify.com";
const MINUTE = 60_000;

function charge(key: string) {
  return {
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
    idempotencyKey: key,
  } as const;
}

function billingOf({ app, simulator }: InstalledApp): UsageBillingClient {
  return createUsageBillingClient({ ...fromApp(app, shop), fetch: simulator.fetch });
}

it("takes the app that the package's types describe", () => {
  expectTypeOf<ReturnType<typeof shopifyApp>>().toExtend<ShopifyApp>();
});

it.each([null, {}, { unauthenticated: {} }])("refuses %j instead of an app", (app) => {
  expect(() => fromApp(app as ShopifyApp, shop)).toThrow(InvalidInputError);
});

// React Router's package 3 and Remix's 6 refresh; the older ones know no tokens that expire.
describe.each(shopifyPackages.filter(({ name }) => !/@[14]$/.test(name)))(
  "a worker with $name",
  (shopifyPackage) => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it("charges through hours of tokens that last one", async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      const installed = installApp(shopifyPackage, { offlineTokens: "expiring" });
      const { simulator } = installed;
      const billing = billingOf(installed);

      for (let minutes = 0; minutes <= 200; minutes += 10) {
        expect(await billing.createUsageRecord(charge(`minute-${minutes}`))).toMatchObject({
          ok: true,
        });
        vi.setSystemTime(Date.now() + 10 * MINUTE);
      }

      expect(simulator.ledger).toHaveLength(21);
      const refreshes = simulator.requests.filter(({ kind }) => kind === "token");
      expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
    });

    it("refreshes once, however many calls and clients of the shop need the token", async () => {
      const installed = installApp(shopifyPackage, { offlineTokens: "expiring", minutesLeft: 0 });
      const clients = Array.from({ length: 5 }, () => billingOf(installed));

      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          clients[index % 5]?.createUsageRecord(charge(`event-${index}`)),
        ),
      );

      expect(results.every((result) => result?.ok)).toBe(true);
      const { requests } = installed.simulator;
      expect(requests.filter(({ kind }) => kind === "token")).toHaveLength(1);
    });

    it("says that the shop has no session", async () => {
      const installed = installApp(shopifyPackage, { offlineTokens: "expiring" });
      installed.forget();

      const error: unknown = await billingOf(installed)
        .createUsageRecord(charge("event-1"))
        .catch((reason: unknown) => reason);

      expect(isUsageBillingError(error)).toBe(true);
      expect(error).toMatchObject({
        name: "AccessTokenError",
        certainty: "notApplied",
        retryable: true,
        cause: expect.objectContaining({
          message: expect.stringContaining("Could not find a session for shop"),
        }),
      });
      expect(installed.simulator.requests).toHaveLength(0);
    });
  },
);
