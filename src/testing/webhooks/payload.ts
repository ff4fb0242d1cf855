import type { OneTimePurchase } from "../billing/one-time-purchase.js";
import { RecurringPricing } from "../billing/pricing.js";
import type { Subscription } from "../billing/subscription.js";
import { dateTime } from "../platform/clock.js";

// The fields are those of Shopify's sample payloads. That what a subscription does not have is null, and
// that times are in UTC, is a choice: unknown.

/** `app_subscriptions/update` */
export function subscriptionUpdate(
  subscription: Subscription,
  shopNumber: number,
  now: number,
): object {
  const recurring = subscription.lineItems
    .map(({ plan }) => plan.pricingDetails)
    .find((pricing) => pricing instanceof RecurringPricing);
  return {
    app_subscription: {
      admin_graphql_api_id: subscription.id,
      name: subscription.name,
      status: subscription.status,
      admin_graphql_api_shop_id: shopId(shopNumber),
      created_at: subscription.createdAt,
      updated_at: dateTime(now),
      currency: subscription.terms.currencyCode,
      capped_amount: subscription.usageLineItem?.usagePricing?.cappedAmount.amount ?? null,
      price: recurring ? Number(recurring.price.amount).toFixed(2) : null,
      interval: (recurring?.interval ?? "EVERY_30_DAYS").toLowerCase(),
      plan_handle: null,
    },
  };
}

/** `app_subscriptions/approaching_capped_amount` */
export function approachingCap(
  subscription: Subscription,
  shopNumber: number,
  now: number,
): object {
  const pricing = subscription.usageLineItem?.usagePricing;
  return {
    app_subscription: {
      admin_graphql_api_id: subscription.id,
      name: subscription.name,
      balance_used: Number(pricing?.balanceUsed.amount ?? 0),
      capped_amount: pricing?.cappedAmount.amount ?? null,
      currency_code: subscription.terms.currencyCode,
      admin_graphql_api_shop_id: shopId(shopNumber),
      created_at: subscription.createdAt,
      updated_at: dateTime(now),
    },
  };
}

/** `app_purchases_one_time/update` */
export function purchaseUpdate(purchase: OneTimePurchase, shopNumber: number, now: number): object {
  return {
    app_purchase_one_time: {
      admin_graphql_api_id: purchase.id,
      name: purchase.name,
      status: purchase.status,
      admin_graphql_api_shop_id: shopId(shopNumber),
      created_at: purchase.createdAt,
      updated_at: dateTime(now),
    },
  };
}

/** `app/uninstalled`: the shop, with the fields that name it. */
export function uninstalled(domain: string, shopNumber: number): object {
  return {
    id: shopNumber,
    name: domain.replace(".myshopify.com", ""),
    domain,
    myshopify_domain: domain,
  };
}

function shopId(shopNumber: number): string {
  return `gid://shopify/Shop/${shopNumber}`;
}
