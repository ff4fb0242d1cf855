import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
} from "shopify-usage-billing/testing";
import { figure, table } from "../markdown.js";
import type { Measure } from "../section.js";

/** Points, and points per second, of a shop of the standard plan. */
const STANDARD = { maximumAvailable: 2_000, restoreRate: 100 };
/** How many times as fast as such a shop the measure runs. */
const SPEED = 10;
const CHARGES = 2_000;
/** Milliseconds that a request takes at Shopify. */
const LATENCY = { min: 100, max: 400 };
/** What the fewest charges a second on a standard shop may be: a charge of 11 points allows 9.1. */
const LEAST_PER_SECOND = 9;

const SHOP = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_example";

function addShop(admin: AdminSimulator): { readonly shop: Shop; readonly lineItem: string } {
  const shop = admin.addShop({ shop: SHOP, accessToken: ACCESS_TOKEN });
  const cappedAmount = { amount: "1000000.00", currencyCode: "USD" };
  const { usageLineItem } = shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  if (!usageLineItem) throw new Error("The subscription has no usage line item");
  return { shop, lineItem: usageLineItem.id };
}

/** Points of each charge that was made, in the order of the requests. */
function pointsOf(admin: AdminSimulator): readonly number[] {
  return admin.requests
    .filter(({ rootFields }) => rootFields.includes("appUsageRecordCreate"))
    .map(({ actualCost }) => actualCost ?? Number.NaN);
}

function* charges(subscriptionLineItemId: string, count: number) {
  for (let index = 0; index < count; index += 1) {
    const price = { amount: "0.01", currencyCode: "USD" } as const;
    yield {
      subscriptionLineItemId,
      description: "1000 emails",
      price,
      idempotencyKey: `event-${index}`,
    };
  }
}

/** Points of one charge by each way to make it. */
async function pointsPerCharge(): Promise<{ readonly one: number; readonly bulk: number }> {
  const admin = createAdminSimulator();
  const { lineItem } = addShop(admin);
  const billing = createUsageBillingClient({
    shop: SHOP,
    accessToken: ACCESS_TOKEN,
    fetch: admin.fetch,
  });
  const [charge] = charges(lineItem, 1);
  if (charge) await billing.createUsageRecord({ ...charge, idempotencyKey: "one" });
  for await (const { error } of billing.createUsageRecords(charges(lineItem, 1))) {
    if (error) throw error;
  }
  const [one = Number.NaN, bulk = Number.NaN] = pointsOf(admin);
  return { one, bulk };
}

/** Charges a second of a bulk run on a standard shop, in the second half of the run, which begins with an empty bucket. */
async function chargesPerSecond(count: number): Promise<number> {
  const bucket = { ...STANDARD, restoreRate: STANDARD.restoreRate * SPEED };
  const admin = createAdminSimulator({ bucket });
  const { shop, lineItem } = addShop(admin);
  const { endpoint, close } = await admin.listen();
  try {
    admin.faults.latency({ min: LATENCY.min / SPEED, max: LATENCY.max / SPEED });
    const billing = createUsageBillingClient({
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      endpoint: endpoint("2026-10"),
    });
    let made = 0;
    let halfway = 0;
    for await (const { error } of billing.createUsageRecords(charges(lineItem, count), {
      concurrency: 100,
    })) {
      if (error) throw error;
      made += 1;
      if (made !== count / 2) continue;
      halfway = performance.now();
      shop.drain(); // On a slow machine there may be something left of it.
    }
    return count / 2 / ((performance.now() - halfway) / 1_000) / SPEED;
  } finally {
    await close();
  }
}

/** What a charge costs of what limits an app: points. */
export const points: Measure = async ({ quick, say }) => {
  say("points: charges on the simulator");
  const { one, bulk } = await pointsPerCharge();
  const perSecond = await chargesPerSecond(quick ? CHARGES / 2 : CHARGES);
  return {
    title: "Points",
    text: [
      "By the simulator, whose costs follow the rule that fits 86 % of the mutations captured from live stores; " +
        "for this mutation it is inferred. The rate is that of a bulk run over HTTP once the bucket is empty, " +
        `on a shop of the standard plan (${STANDARD.maximumAvailable} points, ${STANDARD.restoreRate} a second) with its times divided by ${SPEED}.`,
      table(
        ["charge", "points"],
        [
          ["`createUsageRecord`, the whole record", one],
          ["`createUsageRecords`, and the ledger, the lean record", bulk],
        ],
      ),
    ],
    goals: [
      {
        what: "points per charge: one call; bulk and ledger",
        goal: "13; at most 11",
        measured: `${one}; ${bulk}`,
        met: one <= 13 && bulk <= 11,
      },
      {
        what: "charges a second on a standard shop, bulk",
        goal: `${LEAST_PER_SECOND} and more`,
        measured: figure(perSecond, 2),
        met: perSecond >= LEAST_PER_SECOND,
      },
    ],
  };
};
