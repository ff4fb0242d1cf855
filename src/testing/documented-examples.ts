import type { Shop } from "./shop.js";
import type { AdminSimulator } from "./simulator.js";

/** What of Shopify's examples may differ. */
export interface DocumentedExamplesOptions {
  /** Default: `{access_token}`, as the examples send it. */
  readonly accessToken?: string;
}

/**
 * Adds the shop, subscription and ledger to which Shopify's own examples of `appUsageRecordCreate`
 * (2025-01) get the documented responses, ids included.
 *
 * @remarks
 * For the example above the cap, make the simulator with `cappedAmountMessage: "example"`: that page of
 * Shopify's shows another text than its description says. The key `Some idempotency key` is in progress
 * and stays so. Add it before any other shop charges: the examples name the first ids.
 *
 * @example
 * ```ts
 * const admin = createAdminSimulator({ cappedAmountMessage: "example" });
 * documentedExamples(admin);
 * const { endpoint } = await admin.listen();
 * ```
 */
export function documentedExamples(
  admin: AdminSimulator,
  options: DocumentedExamplesOptions = {},
): Shop {
  const shop = admin.addShop({
    shop: "your-development-store.myshopify.com",
    accessToken: options.accessToken ?? "{access_token}",
  });
  shop.createSubscription({
    number: 1029266946,
    name: "Super Mega Plan",
    terms: "$1 for 1000 emails",
    cappedAmount: { amount: "100.00", currencyCode: "USD" },
    recurring: { price: { amount: "10.00", currencyCode: "USD" } },
    status: "ACTIVE",
  });
  shop.addUsageRecords([
    { number: 1034618208, price: "20.00", description: "Super Mega Plan 20000 emails" },
  ]);
  shop.holdIdempotencyKey("Some idempotency key");
  return shop;
}
