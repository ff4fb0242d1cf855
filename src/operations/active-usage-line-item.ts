import type { AdminApi, BillingContext, SubscriptionShape } from "../admin-api.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import { withCallFacts } from "../errors/usage-billing-error.js";
import { query, readAnswer, type ExecuteOptions } from "../execute.js";
import { checkBoolean, checkFields } from "../input.js";
import { subtract, type Money } from "../money.js";
import { malformed, subscriptionProblem } from "../shape.js";

/** Which subscriptions the look-up of the active usage line item may find. */
export interface ActiveUsageLineItemInput {
  /** Whether a test subscription may be found, whose charges are never billed. @defaultValue true */
  readonly isTest?: boolean | undefined;
}

type LineItemOf<Subscription extends SubscriptionShape> = Subscription["lineItems"][number];

/** The pricing details of a usage line item. */
export type UsagePricingOf<Subscription extends SubscriptionShape> = Extract<
  LineItemOf<Subscription>["plan"]["pricingDetails"],
  { readonly __typename: "AppUsagePricing" }
>;

/** The line item that usage is charged to, with its balance. */
export interface ActiveUsageLineItem<Api extends AdminApi = AdminApi> {
  /** The `subscriptionLineItemId` to charge. */
  readonly id: string;
  readonly subscription: Api["Subscription"];
  /** Whether the subscription is a test one, whose charges are never billed. */
  readonly test: boolean;
  /** This period's usage so far. */
  readonly balanceUsed: Money<Api["CurrencyCode"]>;
  /** The most that the merchant agreed to pay in one period. */
  readonly cappedAmount: Money<Api["CurrencyCode"]>;
  /** `cappedAmount - balanceUsed`, exactly; below zero if more was used than the cap allows. */
  readonly balanceRemaining: Money<Api["CurrencyCode"]>;
  readonly interval: UsagePricingOf<Api["Subscription"]>["interval"];
  readonly terms: string;
  /** When the balance starts again at zero, as ISO 8601; `null` if Shopify does not say. */
  readonly currentPeriodEnd: string | null;
}

/** Reads all active subscriptions of the app in the shop. */
async function activeSubscriptions<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  options: ExecuteOptions,
): Promise<readonly Api["Subscription"][]> {
  const answer = await query(transport, documents.ActiveSubscriptionsDocument, {}, options);
  return readAnswer(answer, ({ currentAppInstallation }) => {
    const subscriptions = currentAppInstallation.activeSubscriptions;
    for (const subscription of subscriptions) {
      const problem = subscriptionProblem(subscription);
      if (problem !== null) throw malformed("An active subscription", problem);
    }
    return subscriptions;
  });
}

function usageLineItemOf<Api extends AdminApi>(
  subscription: Api["Subscription"],
): ActiveUsageLineItem<Api> | null {
  for (const { id, plan } of subscription.lineItems) {
    const pricing = plan.pricingDetails;
    if (pricing.__typename !== "AppUsagePricing") continue;
    const { balanceUsed, cappedAmount, interval, terms } = pricing;
    const remaining = subtract(cappedAmount.amount, balanceUsed.amount);
    if (remaining === null)
      throw new InvalidResponseError("The balance of the active usage line item is not a decimal");
    const lineItem = {
      id,
      subscription,
      test: subscription.test,
      balanceUsed,
      cappedAmount,
      balanceRemaining: { amount: remaining, currencyCode: cappedAmount.currencyCode },
      interval,
      terms,
      currentPeriodEnd: subscription.currentPeriodEnd,
    };
    // Properties read through a type parameter have its constraint's types: `string` for codes and
    // intervals.
    return lineItem as ActiveUsageLineItem<Api>;
  }
  return null;
}

/**
 * Returns the usage line item of the first active subscription that has one, optionally without
 * test subscriptions.
 */
export function activeUsageLineItemOf<Api extends AdminApi>(
  subscriptions: readonly Api["Subscription"][],
  isTest: boolean,
): ActiveUsageLineItem<Api> | null {
  for (const subscription of subscriptions) {
    if (subscription.test && !isTest) continue;
    const lineItem = usageLineItemOf<Api>(subscription);
    if (lineItem) return lineItem;
  }
  return null;
}

/** Says what is there instead of a line item to charge, for the error's message. */
function describe(subscriptions: readonly SubscriptionShape[], isTest: boolean): string {
  if (subscriptions.length === 0) return "the app has no active subscription in this shop";
  const found = subscriptions.map(({ name, test, lineItems }) => {
    const lines = lineItems.map(({ plan }) =>
      plan.pricingDetails.__typename === "AppUsagePricing" ? "usage" : "recurring",
    );
    return `"${name}" (${test ? "test, " : ""}${lines.join(" and ") || "no"} line item)`;
  });
  const remedy = isTest ? "" : "; test subscriptions count only with isTest: true";
  return `the active subscriptions are ${found.join(", ")}${remedy}`;
}

/** Returns the line item to charge, or a description of what was found instead. */
export async function findActiveUsageLineItem<Api extends AdminApi>(
  context: BillingContext<Api>,
  { isTest = true }: ActiveUsageLineItemInput,
  options: ExecuteOptions,
): Promise<{ lineItem: ActiveUsageLineItem<Api> } | { lineItem: null; found: string }> {
  const subscriptions = await activeSubscriptions(context, options);
  const lineItem = activeUsageLineItemOf<Api>(subscriptions, isTest);
  return lineItem ? { lineItem } : { lineItem, found: describe(subscriptions, isTest) };
}

/** Returns the line item to charge. @throws NoActiveUsageLineItemError if there is none */
export async function requireActiveUsageLineItem<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: ActiveUsageLineItemInput,
  options: ExecuteOptions,
): Promise<ActiveUsageLineItem<Api>> {
  const result = await findActiveUsageLineItem(context, input, options);
  if (result.lineItem) return result.lineItem;
  throw withCallFacts(
    new NoActiveUsageLineItemError(`No active usage line item: ${result.found}`),
    {
      certainty: "notApplied",
      idempotencyKey: options.idempotencyKey ?? null,
      attempts: 0,
    },
  );
}

/**
 * Refuses an amount in another currency than the cap's. Shopify would report it as exceeding the
 * cap.
 *
 * @throws InvalidInputError with both currencies
 */
export function checkCurrency(
  field: string,
  { currencyCode }: Money,
  { cappedAmount }: ActiveUsageLineItem,
  idempotencyKey: string | null = null,
): void {
  if (currencyCode === cappedAmount.currencyCode) return;
  throw withCallFacts(
    new InvalidInputError(
      `${field}.currencyCode`,
      `is ${currencyCode}, but the cap is in ${cappedAmount.currencyCode}`,
      `give the amount in ${cappedAmount.currencyCode}`,
    ),
    { certainty: "notApplied", idempotencyKey, attempts: 0 },
  );
}

/** Reads the active usage line item with its balance; `null` if there is none. */
export async function activeUsageLineItem<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: ActiveUsageLineItemInput = {},
  options: ExecuteOptions = {},
): Promise<ActiveUsageLineItem<Api> | null> {
  const { isTest } = checkFields("input", input, ["isTest"]);
  checkBoolean("isTest", isTest);
  const { lineItem } = await findActiveUsageLineItem(context, { isTest }, options);
  return lineItem;
}
