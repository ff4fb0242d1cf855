/** How an app tests its billing: with the simulator in place of Shopify, and no other double. */
import { createUsageBillingClient, type UsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type Shop,
} from "shopify-usage-billing/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { billBatch, type SentBatch } from "./email-billing.js";

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-01T00:00:00Z");
const SHOP = { shop: "example.myshopify.com", accessToken: "shpat_test" };

let admin: AdminSimulator;
let shop: Shop;
let billing: UsageBillingClient;

function install(replay: AdminSimulatorOptions["replay"] = "successes"): void {
  // A clock of its own: months pass in no time, and every run sees the same dates.
  admin = createAdminSimulator({ now: NOW, clock: "manual", replay });
  shop = admin.addShop(SHOP);
  const cappedAmount = { amount: "10.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  billing = createUsageBillingClient({
    ...SHOP,
    fetch: admin.fetch,
    // No test waits half a second before the client repeats a call.
    retry: { minDelay: 1, maxDelay: 5, deadline: 1000 },
  });
}

beforeEach(() => install());

function batchOf(emails: number, id = "batch-1"): SentBatch {
  return { id, emails, sentAt: NOW, refusals: 0 };
}

/** What the merchant was really charged. The ledger, not the answer, is what an invoice shows. */
function charged(): string[] {
  return admin.ledger.map(({ description, price }) => `${description}: ${price.amount}`);
}

describe("billing a batch", () => {
  it("charges by the thousand", async () => {
    expect(await billBatch(billing, batchOf(2500))).toEqual({
      outcome: "charged",
      amount: "3.0",
    });
    expect(charged()).toEqual(["2500 emails: 3.0"]);
  });

  it("charges once, however often the queue brings the batch", async () => {
    const batch = batchOf(1000);
    await Promise.all([1, 2, 3].map(() => billBatch(billing, batch)));
    await billBatch(billing, batch);
    expect(charged()).toEqual(["1000 emails: 1.0"]);
  });
});

describe("what can go wrong", () => {
  it.each(["lostBefore", "lostAfter", "serverErrorAfter", "truncatedBody", "throttled"] as const)(
    "charges once in spite of %s",
    async (fault) => {
      admin.faults.next(fault, 1, "mutations");
      const billed = await billBatch(billing, batchOf(1000));
      expect(billed.outcome).toBe("charged");
      expect(charged()).toEqual(["1000 emails: 1.0"]);
    },
  );

  it("keeps the batch while Shopify is down, and bills it once when it is back", async () => {
    const batch = batchOf(1000);
    admin.faults.rate({ serverErrorAfter: 0.5, lostBefore: 0.5 }, "mutations");
    expect((await billBatch(billing, batch)).outcome).toBe("later");
    admin.faults.clear();
    expect((await billBatch(billing, batch)).outcome).toBe("charged");
    expect(charged()).toEqual(["1000 emails: 1.0"]);
  });

  it("survives bad weather", async () => {
    admin.faults.rate({ lostBefore: 0.1, lostAfter: 0.1, internalErrorAfter: 0.1 }, "mutations");
    const batches = Array.from({ length: 8 }, (_, index) => batchOf(500, `batch-${index}`));
    const queue = [...batches];
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      const { outcome } = await billBatch(billing, batch);
      if (outcome === "later") queue.push(batch);
    }
    expect(charged()).toEqual(batches.map(() => "500 emails: 1.0"));
  });
});

// Whether Shopify answers a refused key with the same refusal again is unknown: the app works with both.
describe.each(["successes", "all"] as const)("the cap, where %s are replayed", (replay) => {
  beforeEach(() => install(replay));

  it("is refused by Shopify, and the merchant is asked to raise it", async () => {
    await billBatch(billing, batchOf(9000));
    const batch = batchOf(2000, "batch-2");

    const refused = await billBatch(billing, batch);
    expect(refused).toEqual({
      outcome: "overCap",
      raiseCapAt: shop.openApprovals[0]?.confirmationUrl,
    });
    expect(charged()).toEqual(["9000 emails: 9.0"]);

    // The merchant follows the link and approves.
    for (const { id } of shop.openApprovals) shop.approve(id);
    expect((await billBatch(billing, { ...batch, refusals: 1 })).outcome).toBe("charged");
    expect(charged()).toEqual(["9000 emails: 9.0", "2000 emails: 2.0"]);
  });

  it("counts again from zero in the next period", async () => {
    await billBatch(billing, batchOf(9000));
    const batch = batchOf(2000, "batch-2");
    expect((await billBatch(billing, batch)).outcome).toBe("overCap");

    admin.clock.advance(30 * DAY);

    expect((await billing.activeUsageLineItem())?.balanceUsed.amount).toBe("0.0");
    expect((await billBatch(billing, { ...batch, refusals: 1 })).outcome).toBe("charged");
  });

  it("does not charge a second time for a batch whose first key charged after all", async () => {
    const batch = batchOf(2000);
    await billBatch(billing, batch);
    // Somebody counted a refusal that was none.
    expect(await billBatch(billing, { ...batch, refusals: 1 })).toEqual({
      outcome: "charged",
      amount: "2.0",
    });
    expect(charged()).toEqual(["2000 emails: 2.0"]);
  });
});

it("bills nothing after the merchant cancelled", async () => {
  for (const { id } of shop.subscriptions) shop.cancel(id);
  const billed = await billBatch(billing, batchOf(1000));
  expect(billed).toMatchObject({ outcome: "later" });
  expect(billed).toHaveProperty("reason", expect.stringMatching(/no active subscription/));
  expect(charged()).toEqual([]);
});
