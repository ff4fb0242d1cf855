import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";

/** The shop that the simulator starts with. */
export interface DemoShopOptions {
  readonly shop: string;
  readonly accessToken: string;
  readonly cappedAmount: { readonly amount: string; readonly currencyCode: string };
  readonly test: boolean;
  /** Whether it starts with a subscription. */
  readonly subscribed: boolean;
  /** The days of usage before now. The simulator's clock must start that long ago. */
  readonly history: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** What the demo's app charges for, with its share of the cap. */
const USAGE = [
  ["1000 emails", 1],
  ["250 text messages", 2],
  ["10,000 page views", 1],
  ["500 labels printed", 3],
] as const;

/** Adds the demo shop with its subscription and history. */
export function addDemoShop(admin: AdminSimulator, options: DemoShopOptions): Shop {
  const { cappedAmount, test, history } = options;
  const shop = admin.addShop({ shop: options.shop, accessToken: options.accessToken });
  if (!options.subscribed) return shop;
  shop.createSubscription({
    name: "Pro plan",
    terms: "1.00 for 1000 emails, 2.00 for 250 text messages",
    cappedAmount,
    recurring: { price: { amount: "10.00", currencyCode: cappedAmount.currencyCode } },
    test,
    status: "ACTIVE",
  });
  addHistory(shop, history, cappedAmount.amount, admin.clock.now());
  admin.clock.advance(history * DAY);
  return shop;
}

/** Adds a few charges per day, well below the cap. */
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
