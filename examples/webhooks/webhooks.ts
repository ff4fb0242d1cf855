/**
 * Handles the webhooks that save an app from asking again and again: a subscription nears its capped
 * amount, it changed, or the app was uninstalled.
 *
 * A webhook can come late, twice, or after a newer one. So its body is a hint, and the truth is read
 * from the Admin API.
 */
import type { Shopify } from "@shopify/shopify-api";
import { AuthenticationError, type UsageBillingClient } from "shopify-usage-billing/2026-10";
import { readBillingWebhook } from "shopify-usage-billing/shopify";

/** What the app needs to know of a shop's usage plan. */
export interface Plan {
  /** Whether usage may be charged. If not, the app stops what costs, or keeps it for later. */
  readonly active: boolean;
  readonly balanceUsed: string | null;
  readonly cappedAmount: string | null;
  /** Where the merchant can raise the cap; `null` while there is no need to. */
  readonly raiseCapAt: string | null;
}

/** What the handler works with. */
export interface WebhookSurroundings {
  /** What `shopifyApi({ … })` of `@shopify/shopify-api` returned. */
  readonly shopify: Pick<Shopify, "webhooks">;
  readonly billingFor: (shop: string) => Promise<UsageBillingClient>;
  readonly savePlan: (shop: string, plan: Plan) => Promise<void>;
}

const NONE: Plan = { active: false, balanceUsed: null, cappedAmount: null, raiseCapAt: null };

/** The caps that the app offers, in the order in which it offers them. */
const CAPS = ["100.00", "250.00", "1000.00"];

/** Reads the plan from the Admin API, and proposes a higher cap if asked to. */
async function readPlan(billing: UsageBillingClient, proposeCap: boolean): Promise<Plan> {
  const line = await billing.activeUsageLineItem({ isTest: false });
  if (!line) return NONE;
  const { id, balanceUsed, cappedAmount } = line;
  const next = CAPS.find((cap) => Number(cap) > Number(cappedAmount.amount));
  let raiseCapAt: string | null = null;
  if (proposeCap && next !== undefined) {
    const proposed = await billing.updateCappedAmount({
      subscriptionLineItemId: id,
      cappedAmount: { amount: next, currencyCode: cappedAmount.currencyCode },
    });
    // The cap stays as it is until the merchant has been there.
    if (proposed.ok) raiseCapAt = proposed.payload.confirmationUrl;
  }
  return {
    active: true,
    balanceUsed: balanceUsed.amount,
    cappedAmount: cappedAmount.amount,
    raiseCapAt,
  };
}

/** Answers a webhook: 200 once it is dealt with, so that Shopify does not send it again; 500 to have it sent again. */
export async function handleWebhook(
  request: Request,
  { shopify, billingFor, savePlan }: WebhookSurroundings,
): Promise<Response> {
  // The signature is over the body as it came: read it as text, before anything parses it.
  const rawBody = await request.text();
  const checked = await shopify.webhooks.validate({ rawBody, rawRequest: request });
  if (!checked.valid) return new Response(null, { status: 401 });
  const webhook = readBillingWebhook(checked.topic, rawBody);
  if (!webhook) return new Response(null, { status: 404 });

  const { domain: shop } = checked;
  try {
    switch (webhook.topic) {
      case "APP_UNINSTALLED":
        await savePlan(shop, NONE);
        break;
      case "APP_SUBSCRIPTIONS_UPDATE":
        await savePlan(shop, await readPlan(await billingFor(shop), false));
        break;
      case "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT":
        await savePlan(shop, await readPlan(await billingFor(shop), true));
        break;
      case "APP_PURCHASES_ONE_TIME_UPDATE":
        break; // This app sells nothing else.
    }
  } catch (error) {
    // Only Shopify's own 401 says that the app was uninstalled, which ends its subscription and its
    // token. A database that is down is an AccessTokenError: the shop goes on paying.
    if (!(error instanceof AuthenticationError)) {
      console.error(`${webhook.topic} of ${shop} will be sent again:`, error);
      return new Response(null, { status: 500 });
    }
    await savePlan(shop, NONE);
  }
  return new Response(null, { status: 200 });
}
