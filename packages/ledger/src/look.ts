import type { Billing, LineItem } from "./billing.js";
import { row, storable } from "./database.js";
import { decimalsOf } from "./decimals.js";
import { failureOf, shopStateOf } from "./failure.js";
import { DAY } from "./input.js";
import type { LedgerContext } from "./options.js";
import type { ShopState } from "./shop.js";

/** The plan that a shop is charged on, as Shopify last reported it. */
export interface Plan {
  readonly lineItemId: string;
  readonly currency: string;
  readonly decimals: 0 | 2;
  readonly test: boolean;
  /** What is left under the cap, a decimal string. A hint: Shopify's figure has been seen to lag. */
  readonly remaining: string;
  /** ISO 8601; `null` if Shopify reports no period. */
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
}

/** What a look at a shop has found. */
export type Look =
  | { readonly state: "ready"; readonly plan: Plan }
  | { readonly state: Exclude<ShopState, "ready" | "capped">; readonly plan: null };

/**
 * Returns the bounds of the period in which the usage balance is counted.
 *
 * @remarks
 * Usage is counted over 30 days even if the recurring price is annual (documented by Shopify). That
 * these 30 days start with the year is an assumption: Shopify does not say.
 */
export function usagePeriod(
  { currentPeriodEnd, subscription }: LineItem,
  now: number,
): { start: string | null; end: string | null } {
  const end = Date.parse(currentPeriodEnd ?? "");
  if (Number.isNaN(end)) return { start: null, end: null };
  const annual = subscription.lineItems.some(
    ({ plan }) =>
      plan.pricingDetails.__typename === "AppRecurringPricing" &&
      plan.pricingDetails.interval === "ANNUAL",
  );
  const iso = (time: number): string => new Date(time).toISOString();
  if (!annual) return { start: iso(end - 30 * DAY), end: iso(end) };
  const year = end - 365 * DAY;
  const period = Math.max(0, Math.floor((now - year) / (30 * DAY)));
  return {
    start: iso(year + period * 30 * DAY),
    end: iso(Math.min(year + (period + 1) * 30 * DAY, end)),
  };
}

/** Returns why there is no line item to charge. */
async function whyNone(
  billing: Billing,
  isTest: boolean,
  signal: AbortSignal,
): Promise<{ state: "noPlan" | "testPlan" | "frozen"; reason: string }> {
  for await (const { status, test } of billing.subscriptions({ reverse: true }, { signal })) {
    if (status === "FROZEN") return { state: "frozen", reason: "The subscription is frozen" };
    if (status !== "ACTIVE") continue;
    if (test && !isTest) {
      return {
        state: "testPlan",
        reason: "The active subscription is a test one, and isTest is false",
      };
    }
    return { state: "noPlan", reason: "The active subscription has no usage line item" };
  }
  return { state: "noPlan", reason: "The app has no active subscription in this shop" };
}

const SEE = `update usage_ledger.shops s
set state = case s.state when 'capped' then 'capped' else 'ready' end, reason = case s.state when 'capped' then s.reason end, looked_at = ($2::text)::timestamptz,
  line_item = $3::text, currency = coalesce($4::text, s.currency), test = ($5::text)::boolean,
  period_start = ($6::text)::timestamptz, period_end = ($7::text)::timestamptz,
  capped_amount = ($8::text)::numeric, balance_used = ($9::text)::numeric
from (select state from usage_ledger.shops where shop = $1::text) before
where s.shop = $1::text
returning before.state as before`;

/** Stores what stands in the way of charging a shop, and emits an event if that has changed. */
export async function noteState(
  context: LedgerContext,
  shop: string,
  state: ShopState,
  reason: string | null,
): Promise<void> {
  const changed = await row(
    context.database,
    `update usage_ledger.shops set state = $2::text, reason = $3::text
     where shop = $1::text and state <> $2::text returning shop`,
    [shop, state, reason === null ? null : storable(reason)],
  );
  if (changed) context.emit({ type: "state", shop, state, reason });
}

/**
 * Asks Shopify for the line item to charge, its currency, balance and period.
 *
 * @throws the client's error if Shopify could not be asked and asking again may help
 */
export async function look(
  context: LedgerContext,
  billing: Billing,
  shop: string,
  now: string,
  signal: AbortSignal,
): Promise<Look> {
  const { isTest } = context;
  let found: LineItem | null;
  let none: Awaited<ReturnType<typeof whyNone>> | null = null;
  try {
    found = await billing.activeUsageLineItem({ isTest }, { signal });
    if (!found) none = await whyNone(billing, isTest, signal);
  } catch (error) {
    const failure = failureOf(error);
    const state = shopStateOf(failure);
    if (state === null || state === "ready" || state === "capped") throw error;
    await noteState(context, shop, state, failure.message);
    return { state, plan: null };
  }
  if (!found) {
    const { state, reason } = none ?? { state: "noPlan", reason: "" };
    await noteState(context, shop, state, reason);
    return { state, plan: null };
  }
  const period = usagePeriod(found, Date.parse(now));
  const { currencyCode } = found.cappedAmount;
  const seen = await row<{ before: string }>(context.database, SEE, [
    shop,
    now,
    found.id,
    currencyCode,
    String(found.test),
    period.start,
    period.end,
    found.cappedAmount.amount,
    found.balanceUsed.amount,
  ]);
  if (seen && seen.before !== "ready" && seen.before !== "capped") {
    context.emit({ type: "state", shop, state: "ready", reason: null });
  }
  return {
    state: "ready",
    plan: {
      lineItemId: found.id,
      currency: currencyCode,
      decimals: decimalsOf(currencyCode),
      test: found.test,
      remaining: found.balanceRemaining.amount,
      periodStart: period.start,
      periodEnd: period.end,
    },
  };
}
