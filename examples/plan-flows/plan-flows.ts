/**
 * What apps do around a charge: find out what the merchant agreed to, see whether a charge fits the cap,
 * split one that does not, and charge the rest in the next period.
 *
 * Each step can be repeated after a crash: what is sent was written down before, under its own key. The
 * package `shopify-usage-ledger` does all of this on Postgres.
 */
import { Big } from "big.js";
import type { Subscription, UsageBillingClient } from "shopify-usage-billing/2026-10";

/**
 * Returns the subscription that a merchant comes back from, at `returnUrl?charge_id=…`.
 *
 * Anybody can call that URL with any number, so it proves nothing: the subscription's own status does.
 */
export async function subscriptionAt(
  billing: UsageBillingClient,
  url: URL,
): Promise<Subscription | null> {
  const chargeId = url.searchParams.get("charge_id");
  if (chargeId === null || !/^\d+$/.test(chargeId)) return null;
  return await billing.subscription(`gid://shopify/AppSubscription/${chargeId}`);
}

/** Whether a price fits what is left of the cap. Ask before the work; the charge itself has the last word. */
export async function fitsTheCap(billing: UsageBillingClient, price: Big): Promise<boolean> {
  const line = await billing.activeUsageLineItem();
  return line !== null && price.lte(line.balanceRemaining.amount);
}

/** Usage that is to be charged. */
export interface Usage {
  readonly key: string;
  readonly description: string;
  /** A decimal string, in USD. */
  readonly amount: string;
  readonly usedAt: Date;
}

/** A charge that did not fit, in the two parts that take its place. */
export interface Split {
  readonly usage: Usage;
  /** `null` if nothing was left of the cap. */
  readonly fits: Usage | null;
  readonly rest: Usage;
  /** The end of the period whose cap was used up, as ISO 8601. */
  readonly periodEnd: string | null;
}

/** Where splits are written down, by the key of the charge that was split: a table, in an app. */
export type Splits = Map<string, Split>;

async function charge(
  billing: UsageBillingClient,
  { key, description, amount }: Usage,
): Promise<"charged" | "overCap"> {
  const result = await billing.createUsageRecord({
    description,
    price: { amount, currencyCode: "USD" },
    idempotencyKey: key,
  });
  if (result.ok) return "charged";
  const [{ code, message }] = result.userErrors;
  // Unknown: a later call with the same key settles it. A job queue makes that call.
  if (code !== "CAPPED_AMOUNT_EXCEEDED" || result.certainty === "unknown") throw new Error(message);
  return "overCap";
}

/** Writes down how a charge is split: what still fits, and the rest, under keys that name the old one. */
async function split(billing: UsageBillingClient, usage: Usage, splits: Splits): Promise<Split> {
  const line = await billing.activeUsageLineItem();
  const fits = Big(line?.balanceRemaining.amount ?? 0);
  const made: Split = {
    usage,
    fits: fits.gt(0) ? { ...usage, key: `${usage.key}/fits`, amount: fits.toFixed(2) } : null,
    rest: { ...usage, key: `${usage.key}/rest`, amount: Big(usage.amount).minus(fits).toFixed(2) },
    periodEnd: line?.currentPeriodEnd ?? null,
  };
  splits.set(usage.key, made);
  return made;
}

/** Charges usage; if the cap is in the way, charges what still fits and keeps the rest for the next period. */
export async function chargeUpToTheCap(
  billing: UsageBillingClient,
  usage: Usage,
  splits: Splits,
): Promise<void> {
  let made = splits.get(usage.key);
  if (!made) {
    if ((await charge(billing, usage)) === "charged") return;
    // The refusal speaks of this call alone. Before other keys take its place: did an earlier call charge?
    const { key: idempotencyKey, usedAt: createdAfter } = usage;
    if (await billing.findUsageRecord({ idempotencyKey, createdAfter })) return;
    made = await split(billing, usage, splits);
  }
  if (made.fits) await charge(billing, made.fits);
}

/** Charges the rests whose period has ended. They count to the period in which they are charged. */
export async function chargeRests(billing: UsageBillingClient, splits: Splits): Promise<void> {
  const line = await billing.activeUsageLineItem();
  for (const [key, { rest, periodEnd }] of splits) {
    if (line === null || line.currentPeriodEnd === periodEnd) continue;
    if ((await charge(billing, rest)) === "charged") splits.delete(key);
  }
}
