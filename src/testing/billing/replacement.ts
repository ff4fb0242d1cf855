import { printDecimal, ZERO } from "./decimal.js";
import type { Subscription } from "./subscription.js";
import type { SubscriptionTerms } from "./subscription-terms.js";

/** Whether a new subscription waits for the end of the current period. The rules are documented by Shopify. */
export function isDeferred(current: Subscription, next: Subscription): boolean {
  const [before, after] = [current.terms, next.terms];
  if (before.currencyCode !== after.currencyCode) return false;
  switch (after.replacementBehavior) {
    case "APPLY_IMMEDIATELY":
      return false;
    case "APPLY_ON_NEXT_BILLING_CYCLE":
      return true;
    case "STANDARD": {
      const isAnnual = before.recurring?.interval === "ANNUAL";
      const becomesAnnual = after.recurring?.interval === "ANNUAL";
      const difference = (after.recurring?.price ?? ZERO).cmp(before.recurring?.price ?? ZERO);
      if (isAnnual && (!becomesAnnual || difference < 0)) return true;
      return difference === 0 && isAnnual === becomesAnnual && differInDiscountOnly(before, after);
    }
  }
}

function differInDiscountOnly(before: SubscriptionTerms, after: SubscriptionTerms): boolean {
  const plan = ({ name, test, usage }: SubscriptionTerms): string =>
    JSON.stringify([name, test, usage && [usage.terms, printDecimal(usage.cappedAmount)]]);
  const discount = ({ recurring }: SubscriptionTerms): string => {
    const { value, durationLimitInIntervals } = recurring?.discount ?? {};
    const off = value && ("amount" in value ? printDecimal(value.amount) : value.percentage);
    return JSON.stringify([off, durationLimitInIntervals]);
  };
  return plan(before) === plan(after) && discount(before) !== discount(after);
}
