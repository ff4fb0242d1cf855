import { parseDecimal, type Decimal } from "./decimal.js";
import type { Money } from "./money.js";
import type { DiscountTerms, PricingInterval } from "./pricing.js";
import { isReturnUrl } from "./return-url.js";
import type { ReplacementBehavior, SubscriptionTerms } from "./subscription-terms.js";
import { userError, type UserError } from "./user-error.js";

/** The arguments of `appSubscriptionCreate`. */
export interface SubscriptionInput {
  readonly name: string;
  readonly returnUrl: string;
  readonly lineItems: readonly { readonly plan: PlanInput }[];
  readonly test?: boolean | null;
  readonly trialDays?: number | null;
  readonly replacementBehavior?: ReplacementBehavior | null;
}

interface PlanInput {
  readonly appUsagePricingDetails?: UsageInput | null;
  readonly appRecurringPricingDetails?: RecurringInput | null;
}

interface UsageInput {
  readonly cappedAmount: Money;
  readonly terms: string;
}

interface RecurringInput {
  readonly price: Money;
  readonly interval?: PricingInterval | null;
  readonly discount?: DiscountInput | null;
}

interface DiscountInput {
  readonly value?: {
    readonly amount?: string | null;
    readonly percentage?: number | null;
  } | null;
  readonly durationLimitInIntervals?: number | null;
}

/** The reason why an input is refused, thrown on the way to the terms. */
class Refusal {
  readonly error: UserError;

  constructor(field: readonly string[], message: string) {
    this.error = userError(field, message);
  }
}

/**
 * Checks what an app sends.
 *
 * @remarks
 * That each kind of line item may be there once, and that a discount lasts at least one interval, is
 * documented by Shopify; that usage pricing goes only with recurring pricing of 30 days was reported
 * by developers. The texts are a choice: unknown.
 */
export function readSubscriptionInput(input: SubscriptionInput): SubscriptionTerms | UserError {
  try {
    return readTerms(input);
  } catch (error) {
    if (error instanceof Refusal) return error.error;
    throw error;
  }
}

function readTerms(input: SubscriptionInput): SubscriptionTerms {
  if (input.name.trim() === "") throw new Refusal(["name"], "Name can't be blank");
  if (!isReturnUrl(input.returnUrl)) throw new Refusal(["returnUrl"], "Return url is invalid");
  const trialDays = input.trialDays ?? 0;
  if (trialDays < 0 || trialDays > 1000) {
    throw new Refusal(["trialDays"], "Trial days must be between 0 and 1000");
  }
  const { usage, recurring, first } = readPlans(input.lineItems);
  const currencies = [usage?.cappedAmount, recurring?.price].flatMap((price) => price ?? []);
  const [currencyCode = "USD", other = currencyCode] = currencies.map(
    (price) => price.currencyCode,
  );
  if (other !== currencyCode) {
    throw new Refusal(["lineItems"], "All line items must have the same currency");
  }
  if (usage && recurring?.interval === "ANNUAL") {
    throw new Refusal(["lineItems"], "Usage pricing cannot be combined with annual pricing");
  }
  return {
    name: input.name,
    returnUrl: input.returnUrl,
    test: input.test ?? false,
    trialDays,
    replacementBehavior: input.replacementBehavior ?? "STANDARD",
    currencyCode,
    usage: usage && readUsage(usage),
    recurring: recurring && {
      price: positive(recurring.price.amount, "Price"),
      interval: recurring.interval ?? "EVERY_30_DAYS",
      discount: recurring.discount ? readDiscount(recurring.discount, recurring.price) : null,
    },
    first,
  };
}

function readPlans(lineItems: SubscriptionInput["lineItems"]): {
  readonly usage: UsageInput | null;
  readonly recurring: RecurringInput | null;
  readonly first: SubscriptionTerms["first"];
} {
  let usage: UsageInput | null = null;
  let recurring: RecurringInput | null = null;
  for (const { plan } of lineItems) {
    const { appUsagePricingDetails, appRecurringPricingDetails } = plan;
    if (Boolean(appUsagePricingDetails) === Boolean(appRecurringPricingDetails)) {
      throw new Refusal(
        ["lineItems"],
        "A plan must have either usage or recurring pricing details",
      );
    }
    if ((appUsagePricingDetails && usage) || (appRecurringPricingDetails && recurring)) {
      throw new Refusal(
        ["lineItems"],
        "Only one pricing plan can be defined for each available type",
      );
    }
    usage = appUsagePricingDetails ?? usage;
    recurring = appRecurringPricingDetails ?? recurring;
  }
  if (!usage && !recurring) throw new Refusal(["lineItems"], "Line items can't be blank");
  const first = lineItems[0]?.plan.appUsagePricingDetails ? "usage" : "recurring";
  return { usage, recurring, first };
}

function readUsage({ cappedAmount, terms }: UsageInput): NonNullable<SubscriptionTerms["usage"]> {
  if (terms.trim() === "") throw new Refusal(["lineItems"], "Terms can't be blank");
  return { cappedAmount: positive(cappedAmount.amount, "Capped amount"), terms };
}

function readDiscount(
  { value, durationLimitInIntervals }: DiscountInput,
  price: Money,
): DiscountTerms {
  const limit = durationLimitInIntervals ?? null;
  if (limit !== null && limit <= 0) {
    throw new Refusal(["lineItems"], "Discount duration limit must be greater than 0");
  }
  const amount = value?.amount ?? null;
  const percentage = value?.percentage ?? null;
  if (amount !== null && percentage === null) {
    const off = positive(amount, "Discount");
    if (off.gt(positive(price.amount, "Price"))) {
      throw new Refusal(["lineItems"], "Discount cannot exceed the price");
    }
    return { value: { amount: off }, durationLimitInIntervals: limit };
  }
  if (percentage === null || amount !== null || percentage <= 0 || percentage > 1) {
    throw new Refusal(["lineItems"], "Discount must be an amount, or a percentage between 0 and 1");
  }
  return { value: { percentage }, durationLimitInIntervals: limit };
}

function positive(amount: string, name: string): Decimal {
  const decimal = parseDecimal(amount);
  if (decimal?.gt(0)) return decimal;
  throw new Refusal(["lineItems"], `${name} must be greater than zero`);
}
