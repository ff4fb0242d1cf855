/** The simulator of a soak in a process of its own: serves the shops, raises their caps, and gives evidence. */
import {
  createAdminSimulator,
  FAULT_NAMES,
  type FaultName,
  type FaultDetails,
} from "shopify-usage-billing/testing";
import { accessTokenOf, shopDomain } from "./plan.js";

/** What the process is started with. */
export interface ShopsOptions {
  readonly seed: number;
  readonly shops: number;
  readonly faults: number;
  /** The cap of each shop, by its number. */
  readonly caps: readonly string[];
}

/** What Shopify has made. */
export interface MadeCharge {
  readonly shop: string;
  readonly id: string;
  readonly key: string | null;
  readonly amount: string;
}

const options = JSON.parse(process.argv[2] ?? "{}") as ShopsOptions; // of the soak
const admin = createAdminSimulator({
  seed: options.seed,
  bucket: { maximumAvailable: 1_000_000, restoreRate: 1_000_000 },
  requestLimit: 1,
});
const shops = Array.from({ length: options.shops }, (_, n) => {
  const domain = shopDomain(n);
  const shop = admin.addShop({ shop: domain, accessToken: accessTokenOf(domain) });
  const cappedAmount = { amount: options.caps[n] ?? "1000000", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });
  return shop;
});

/** Waits are shortened: the workers' are, too. */
const DETAILS: Partial<Record<FaultName, FaultDetails>> = {
  tooManyRequests: { retryAfter: "0.05" },
  slowBody: { milliseconds: 100 },
};
const rate = options.faults / FAULT_NAMES.length;
admin.faults.rate(
  Object.fromEntries(FAULT_NAMES.map((name) => [name, { rate, ...DETAILS[name] }])),
);
admin.faults.latency({ min: 1, max: 8 });
const listener = await admin.listen(0);

process.on("message", async (message) => {
  if (message === "raise") {
    admin.faults.clear();
    for (const shop of shops) {
      const lineItem = shop.activeSubscription?.usageLineItem;
      await shop.graphql(
        `mutation { appSubscriptionLineItemUpdate(id: "${lineItem?.id ?? ""}", cappedAmount: {amount: "2000000", currencyCode: USD}) { userErrors { message } } }`,
      );
      shop.approve(lineItem?.id ?? "");
    }
  }
  const made: MadeCharge[] = admin.ledger.map(({ shop, id, idempotencyKey, price }) => ({
    shop,
    id,
    key: idempotencyKey,
    amount: price.amount,
  }));
  process.send?.(made);
});
process.on("disconnect", () => process.exit());
process.send?.({ endpoint: listener.endpoint("2026-10") });
