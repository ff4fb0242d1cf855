import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";

/** The shop that the simulator starts with. */
export interface DemoShopOptions {
  readonly shop: string;
  readonly accessToken: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly expiringTokens: boolean;
  readonly cappedAmount: { readonly amount: string; readonly currencyCode: string };
  readonly test: boolean;
  /** Whether there is a subscription from the start. */
  readonly subscribed: boolean;
  /** Days of usage before the start. */
  readonly history: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** What the demo's app charges for: a description, and how many units it costs. */
const USAGE = [
  ["1000 emails", 1],
  ["250 text messages", 2],
  ["10,000 page views", 1],
  ["500 labels printed", 3],
] as const;

/** Adds the demo's shop, subscription and history. */
export function addDemoShop(admin: AdminSimulator, options: DemoShopOptions): Shop {
  const { cappedAmount, test, history, accessToken, apiKey, apiSecret } = options;
  const shop = admin.addShop({
    shop: options.shop,
    accessToken,
    apiKey,
    apiSecret,
    offlineTokens: options.expiringTokens ? "expiring" : "permanent",
  });
  if (!options.subscribed) return shop;
  const begin = admin.clock.now() - history * DAY;
  shop.createSubscription({
    name: "Pro plan",
    terms: "1.00 for 1000 emails, 2.00 for 250 text messages",
    cappedAmount,
    recurring: { price: { amount: "10.00", currencyCode: cappedAmount.currencyCode } },
    test,
    status: "ACTIVE",
    createdAt: begin,
  });
  addHistory(shop, history, cappedAmount.amount, begin);
  return shop;
}

/** Adds a few charges a day, which together stay well below the cap. */
function addHistory(shop: Shop, days: number, cap: string, begin: number): void {
  const unit = Math.floor((Number(cap) * 100) / 300) / 100;
  if (unit === 0) return;
  for (let day = 0; day < days; day += 1) {
    for (let nth = 0; nth <= day % 3; nth += 1) {
      const [description, times] = USAGE[(day * 3 + nth) % USAGE.length] ?? USAGE[0];
      shop.addUsageRecords([
        {
          description,
          price: (unit * times).toFixed(2),
          idempotencyKey: `history-${day + 1}-${nth + 1}`,
          createdAt: begin + day * DAY + (9 + nth * 4) * 60 * 60 * 1000,
        },
      ]);
    }
  }
}
