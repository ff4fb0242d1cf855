/**
 * Handlers for the two webhooks that tell an app what it would otherwise ask for again and again: a
 * subscription nears its capped amount, or it changed.
 *
 * A webhook can come late, twice, or after a later one. So its body is taken as a hint, and what is so
 * is read from the Admin API.
 */
import type { Shopify } from "@shopify/shopify-api";
import { AuthenticationError, type UsageBillingClient } from "shopify-usage-billing/2026-10";

/** What the app needs to know of a shop's usage plan. */
export interface Plan {
  /** May usage be charged? Where not, the app stops what costs, or stores it up. */
  readonly active: boolean;
  readonly balanceUsed: string | null;
  readonly cappedAmount: string | null;
  /** Where the merchant can raise the cap; null while there is no need to. */
  readonly raiseCapAt: string | null;
}

/** What the handler works with. */
export interface WebhookSurroundings {
  /** What `shopifyApi({ … })` of `@shopify/shopify-api` gave. */
  readonly shopify: Pick<Shopify, "webhooks">;
  readonly billingFor: (shop: string) => Promise<UsageBillingClient>;
  readonly savePlan: (shop: string, plan: Plan) => Promise<void>;
}

const NONE: Plan = { active: false, balanceUsed: null, cappedAmount: null, raiseCapAt: null };

/** The caps that the app offers, in the order in which it offers them. */
const CAPS = ["100.00", "250.00", "1000.00"];

/** The plan as the Admin API has it; with a proposal of a higher cap where that is wanted. */
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

/** Answers a webhook: 200 when it was dealt with, so that Shopify does not send it again. */
export async function handleWebhook(
  request: Request,
  { shopify, billingFor, savePlan }: WebhookSurroundings,
): Promise<Response> {
  // The signature is over the body as it came: read it as text, before anything parses it.
  const rawBody = await request.text();
  const checked = await shopify.webhooks.validate({ rawBody, rawRequest: request });
  if (!checked.valid) return new Response(null, { status: 401 });

  const { topic, domain: shop } = checked;
  if (
    topic !== "APP_SUBSCRIPTIONS_UPDATE" &&
    topic !== "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT"
  ) {
    return new Response(null, { status: 404 });
  }
  const nearsCap = topic === "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT";
  try {
    await savePlan(shop, await readPlan(await billingFor(shop), nearsCap));
  } catch (error) {
    // The app was uninstalled, which ends its subscription and its token.
    if (!(error instanceof AuthenticationError)) throw error;
    await savePlan(shop, NONE);
  }
  return new Response(null, { status: 200 });
}
