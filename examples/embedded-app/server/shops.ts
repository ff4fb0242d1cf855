import {
  createAdminSimulator,
  type AdminSimulator,
  type Shop,
} from "shopify-usage-billing/testing";
import { centsOf, dollars, history } from "./history.js";

const DAY = 24 * 60 * 60 * 1000;

/** How long ago the shops began to use the app: one whole period of 30 days, and most of another. */
const FIRST_PERIOD = 30 * DAY;
const THIS_PERIOD = 23.4 * DAY;

/** A demo shop and what it shows. */
export interface DemoShop {
  readonly domain: string;
  readonly shows: string;
  readonly accessToken: string;
}

export const DEMO_SHOPS = {
  calm: demo("calm", "a month of usage, well below the cap"),
  nearCap: demo("near-cap", "more than 90 % of the cap is used"),
  atCap: demo("at-cap", "the cap is reached"),
  unused: demo("unused", "a plan, and nothing charged yet"),
  noPlan: demo("no-plan", "no plan yet"),
  frozen: demo("frozen", "Shopify does not answer for this shop"),
} as const;

function demo(name: string, shows: string): DemoShop {
  // In an app, it comes from session storage and never leaves the server.
  return { domain: `${name}.myshopify.com`, shows, accessToken: `shpat_of_${name}` };
}

export interface DemoOptions {
  /** The simulated time, in milliseconds since 1970. Default: the real time. */
  readonly now?: number;
  /** The page to which Shopify sends the merchant back. */
  readonly returnUrl: (shop: DemoShop) => string;
}

/** Creates a simulated Shopify with shops that use the app. */
export function createShopify({ now = Date.now(), returnUrl }: DemoOptions): AdminSimulator {
  const beginning = now - FIRST_PERIOD - THIS_PERIOD;
  const admin = createAdminSimulator({ now: beginning });

  const install = (shop: DemoShop): Shop =>
    admin.addShop({ shop: shop.domain, accessToken: shop.accessToken, app: "Carrier" });
  const subscribe = (shop: DemoShop): Shop => {
    const installed = install(shop);
    installed.createSubscription({
      name: "Growth",
      cappedAmount: { amount: "100.00", currencyCode: "USD" },
      terms: "$0.90 for 1,000 emails, $0.015 for a text message",
      returnUrl: returnUrl(shop),
      status: "ACTIVE",
    });
    return installed;
  };

  const busy = [
    { shop: subscribe(DEMO_SHOPS.calm), pace: 1, upTo: null },
    { shop: subscribe(DEMO_SHOPS.nearCap), pace: 1.6, upTo: "93.40" },
    { shop: subscribe(DEMO_SHOPS.atCap), pace: 1.7, upTo: "100.00" },
  ];
  install(DEMO_SHOPS.noPlan);
  const frozen = subscribe(DEMO_SHOPS.frozen);
  admin.clock.advance(FIRST_PERIOD + THIS_PERIOD);
  subscribe(DEMO_SHOPS.unused);
  frozen.setStatus("frozen");

  for (const { shop, pace, upTo } of busy) {
    shop.addUsageRecords(history({ from: beginning, until: now, pace }));
    if (upTo !== null) chargeUpTo(shop, upTo);
  }
  return admin;
}

/** Adds a campaign that brings the balance to a given amount. */
function chargeUpTo(shop: Shop, balance: string): void {
  const used = shop.activeSubscription?.usageLineItem?.usagePricing?.balanceUsed.amount;
  const missing = centsOf(balance) - centsOf(used ?? balance);
  if (missing <= 0) return;
  const emails = Math.round(missing / 0.09).toLocaleString("en");
  shop.addUsageRecords([
    { price: dollars(missing), description: `Campaign “Payday picks” · ${emails} emails` },
  ]);
}
