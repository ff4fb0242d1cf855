import { Big } from "big.js";
import { createUsageBillingClient, type UsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
} from "shopify-usage-billing/testing";
import { beforeEach, describe, expect, it } from "vitest";
import {
  chargeRests,
  chargeUpToTheCap,
  fitsTheCap,
  subscriptionAt,
  type Splits,
  type Usage,
} from "./plan-flows.js";

const DAY = 24 * 60 * 60 * 1000;
const options = { shop: "example.myshopify.com", accessToken: "token" };
const PLAN = { cappedAmount: { amount: "100.00", currencyCode: "USD" }, status: "ACTIVE" } as const;

let admin: AdminSimulator;
let shop: Shop;
let billing: UsageBillingClient;

beforeEach(() => {
  admin = createAdminSimulator({ now: "2026-11-01T00:00:00Z", clock: "manual" });
  shop = admin.addShop(options);
  billing = createUsageBillingClient({ ...options, fetch: admin.fetch });
});

function usage(key: string, amount: string): Usage {
  return { key, description: "emails", amount, usedAt: new Date(admin.clock.now()) };
}

const charged = (): string[] => admin.ledger.map(({ price }) => price.amount);

describe("the subscription that a merchant comes back from", () => {
  it("is found by its charge_id, with its status", async () => {
    const proposed = await billing.createSubscription({
      name: "Emails by use",
      returnUrl: "https://app.example/billing",
      usage: { cappedAmount: { amount: 100, currencyCode: "USD" }, terms: "1 USD for 1000 emails" },
    });
    const id = (proposed.ok && proposed.payload.appSubscription?.id) || "";
    const url = new URL(`https://app.example/billing?charge_id=${id.split("/").at(-1)}`);

    expect(await subscriptionAt(billing, url)).toMatchObject({ id, status: "PENDING" });
    shop.approve(id);
    expect(await subscriptionAt(billing, url)).toMatchObject({ id, status: "ACTIVE" });
  });

  it.each(["", "?charge_id=", "?charge_id=1%2F2", "?charge_id=404"])(
    "returns null at %j",
    async (query) => {
      const url = new URL(`https://app.example/billing${query}`);
      expect(await subscriptionAt(billing, url)).toBeNull();
    },
  );
});

describe("a charge and the cap", () => {
  beforeEach(() => {
    shop.createSubscription(PLAN);
    shop.addUsageRecords([{ price: "90.00" }]);
  });

  it("can be compared before", async () => {
    expect(await fitsTheCap(billing, Big("10.00"))).toBe(true);
    expect(await fitsTheCap(billing, Big("10.01"))).toBe(false);
  });

  it("is charged whole if it fits", async () => {
    const splits: Splits = new Map();
    await chargeUpToTheCap(billing, usage("a", "10.00"), splits);
    expect(charged()).toEqual(["90.0", "10.0"]);
    expect(splits.size).toBe(0);
  });

  it("is split if it does not, and the rest is charged in the next period", async () => {
    const splits: Splits = new Map();
    await chargeUpToTheCap(billing, usage("a", "25.50"), splits);
    await chargeUpToTheCap(billing, usage("b", "3.00"), splits);
    expect(charged()).toEqual(["90.0", "10.0"]);

    await chargeRests(billing, splits);
    expect(charged()).toHaveLength(2);

    admin.clock.advance(31 * DAY);
    await chargeRests(billing, splits);
    await chargeRests(billing, splits);
    expect(charged()).toEqual(["90.0", "10.0", "15.5", "3.0"]);
    expect(splits.size).toBe(0);
  });

  it("is charged once however often the work is repeated, even if answers are lost", async () => {
    const splits: Splits = new Map();
    admin.faults.next("lostAfter", 2, "mutations");
    for (let time = 0; time < 3; time += 1) {
      // What is open throws, and a job queue calls again.
      await chargeUpToTheCap(billing, usage("a", "25.50"), splits).catch(() => undefined);
    }
    expect(charged()).toEqual(["90.0", "10.0"]);
    expect(splits.get("a")?.rest.amount).toBe("15.50");
  });
});
