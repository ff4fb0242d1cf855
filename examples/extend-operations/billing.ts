import type { UsageBillingClient } from "../../src/versions/2026-10.js";
import { BillingOverviewDocument, ExtendTrialDocument } from "./generated.js";

/** Extends the merchant's trial and describes the result. */
export async function extendTrial(
  billing: UsageBillingClient,
  id: string,
  days: number,
): Promise<string> {
  const result = await billing.mutate(ExtendTrialDocument, { id, days });
  if (result.ok) {
    // Null in the schema is null here: the compiler asks for the `?.`.
    return `The trial now lasts ${result.payload.appSubscription?.trialDays} days.`;
  }
  const [{ code, message }] = result.userErrors;
  switch (code) {
    case "TRIAL_NOT_ACTIVE":
      return "The trial is over.";
    case "SUBSCRIPTION_NOT_ACTIVE":
    case "SUBSCRIPTION_NOT_FOUND":
      return "There is no active subscription.";
    case null:
      return message;
  }
}

/** What the merchant pays the app for, one line each. */
export async function billingOverview(billing: UsageBillingClient): Promise<string[]> {
  const { currentAppInstallation } = await billing.query(BillingOverviewDocument, {
    purchases: 10,
  });
  const usage = currentAppInstallation.activeSubscriptions.flatMap(({ name, lineItems }) =>
    lineItems.flatMap(({ plan: { pricingDetails } }) =>
      pricingDetails.__typename === "AppUsagePricing"
        ? [`${name}: ${pricingDetails.balanceUsed.amount} of ${pricingDetails.cappedAmount.amount}`]
        : [],
    ),
  );
  const purchases = currentAppInstallation.oneTimePurchases.nodes.map(
    ({ name, price, status }) => `${name}: ${price.amount} ${price.currencyCode}, ${status}`,
  );
  return [...usage, ...purchases];
}
