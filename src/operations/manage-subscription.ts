import type { AdminApi, BillingContext, LineItemVariables } from "../admin-api.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import {
  checkAmount,
  checkBoolean,
  checkFields,
  checkId,
  checkInteger,
  checkMoney,
  checkText,
  checkUrl,
  mustBe,
  type CallOptions,
  type MoneyValue,
} from "../input.js";
import type { MutationResult } from "../result.js";
import {
  subscriptionUserErrorCode,
  type SubscriptionUserError,
  type UserError,
} from "../user-error.js";
import { managedPayloadProblem } from "../shape.js";
import { checkCurrency, requireActiveUsageLineItem } from "./active-usage-line-item.js";
import { mutate } from "./mutate.js";

/** The payload of a mutation of a subscription. */
export interface SubscriptionPayload<Subscription> {
  /** The subscription. A success always has one, although the schema allows null. */
  readonly appSubscription: Subscription | null;
}

/** The payload of a mutation that the merchant must confirm. */
export interface ConfirmationPayload<Subscription> extends SubscriptionPayload<Subscription> {
  /** Where to send the merchant. Nothing changes until the merchant confirms. */
  readonly confirmationUrl: string | null;
}

/** Adds this package's codes to Shopify's user errors. */
function withCodes<Payload>(
  result: MutationResult<Payload, UserError>,
): MutationResult<Payload, SubscriptionUserError> {
  if (result.ok) return result;
  const [first, ...rest] = result.userErrors;
  return { ...result, userErrors: [withCode(first), ...rest.map(withCode)] };
}

function withCode(error: UserError): SubscriptionUserError {
  return { ...error, code: subscriptionUserErrorCode(error) };
}

/** A higher cap. */
export interface UpdateCappedAmountInput<CurrencyCode extends string = string> {
  /** The line item. If absent, the active subscription's. */
  readonly subscriptionLineItemId?: string | undefined;
  /**
   * The new cap. It must be higher than the current one (asserted by an emulator, never captured).
   */
  readonly cappedAmount: MoneyValue<CurrencyCode>;
  /** Whether the look-up may find a test subscription. @defaultValue true */
  readonly isTest?: boolean | undefined;
}

/** Asks the merchant for a higher capped amount. */
export async function updateCappedAmount<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: UpdateCappedAmountInput<Api["CurrencyCode"]>,
  options: CallOptions = {},
): Promise<MutationResult<ConfirmationPayload<Api["Subscription"]>, SubscriptionUserError>> {
  const given = checkFields("input", input, ["subscriptionLineItemId", "cappedAmount", "isTest"]);
  const { subscriptionLineItemId, isTest } = given;
  checkBoolean("isTest", isTest);
  const cappedAmount = checkMoney("cappedAmount", given.cappedAmount);
  let id: string;
  if (subscriptionLineItemId === undefined) {
    const lineItem = await requireActiveUsageLineItem(context, { isTest }, options);
    checkCurrency("cappedAmount", cappedAmount, lineItem);
    ({ id } = lineItem);
  } else {
    id = checkId("subscriptionLineItemId", subscriptionLineItemId, "AppSubscriptionLineItem");
  }
  const variables = { id, cappedAmount };
  const { transport, documents } = context;
  const document = documents.AppSubscriptionLineItemUpdateDocument;
  return withCodes(await mutate(transport, document, variables, options, managedPayloadProblem));
}

/** A discount on the recurring price. */
export type DiscountInput = (
  | { readonly percentage: number; readonly amount?: undefined }
  | { readonly amount: string | number; readonly percentage?: undefined }
) & {
  /** The number of billing intervals that it lasts. If absent, it does not end. */
  readonly durationLimitInIntervals?: number | undefined;
};

/** A subscription with a usage line item, and a recurring one if wanted. */
export interface CreateSubscriptionInput<Api extends AdminApi = AdminApi> {
  /** The plan's name, which the merchant sees. */
  readonly name: string;
  /** Where Shopify sends the merchant after the confirmation page. */
  readonly returnUrl: string;
  /** The usage line item: the most that may be charged in 30 days, and for what. */
  readonly usage: {
    readonly cappedAmount: MoneyValue<Api["CurrencyCode"]>;
    /** What is charged for. The merchant sees it and agrees to it. */
    readonly terms: string;
  };
  /** A recurring line item in addition. */
  readonly recurring?:
    | {
        readonly price: MoneyValue<Api["CurrencyCode"]>;
        /** @defaultValue `"EVERY_30_DAYS"` */
        readonly interval?: Api["PricingInterval"] | undefined;
        readonly discount?: DiscountInput | undefined;
      }
    | undefined;
  /** Whether it is a test subscription, whose charges are never billed. @defaultValue false */
  readonly test?: boolean | undefined;
  /** Days before the first charge. @defaultValue 0 */
  readonly trialDays?: number | undefined;
  /** When it replaces the app's current subscription. @defaultValue `"STANDARD"` */
  readonly replacementBehavior?: Api["ReplacementBehavior"] | undefined;
}

function discountOf(
  input: DiscountInput,
): NonNullable<
  NonNullable<LineItemVariables<AdminApi>["plan"]["appRecurringPricingDetails"]>["discount"]
> {
  const field = "recurring.discount";
  const discount = checkFields(field, input, ["percentage", "amount", "durationLimitInIntervals"]);
  const { percentage, amount, durationLimitInIntervals: duration } = discount;
  if ((percentage === undefined) === (amount === undefined)) {
    throw new InvalidInputError(field, "must have either percentage or amount, not both");
  }
  const isPart = typeof percentage === "number" && percentage > 0 && percentage <= 1;
  if (percentage !== undefined && !isPart) {
    throw mustBe(`${field}.percentage`, "a fraction, such as 0.2 for 20 %", percentage);
  }
  return {
    value:
      percentage === undefined
        ? { amount: checkAmount(`${field}.amount`, amount) }
        : { percentage },
    ...(duration !== undefined && {
      durationLimitInIntervals: checkInteger(
        `${field}.durationLimitInIntervals`,
        duration,
        1,
        1_000,
      ),
    }),
  };
}

/** Proposes a subscription to the merchant. */
export async function createSubscription<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  input: CreateSubscriptionInput<Api>,
  options: CallOptions = {},
): Promise<MutationResult<ConfirmationPayload<Api["Subscription"]>, SubscriptionUserError>> {
  const given = checkFields("input", input, [
    "name",
    "returnUrl",
    "usage",
    "recurring",
    "test",
    "trialDays",
    "replacementBehavior",
  ]);
  const { usage, recurring, test, trialDays, replacementBehavior } = given;
  const { cappedAmount, terms } = checkFields("usage", usage, ["cappedAmount", "terms"]);
  checkBoolean("test", test);
  const lineItems: LineItemVariables<Api>[] = [
    {
      plan: {
        appUsagePricingDetails: {
          cappedAmount: checkMoney("usage.cappedAmount", cappedAmount),
          terms: checkText("usage.terms", terms, "1 USD for 1000 emails"),
        },
      },
    },
  ];
  if (recurring !== undefined) {
    const { price, interval, discount } = checkFields("recurring", recurring, [
      "price",
      "interval",
      "discount",
    ]);
    lineItems.push({
      plan: {
        appRecurringPricingDetails: {
          price: checkMoney("recurring.price", price),
          ...(interval !== undefined && { interval }),
          ...(discount !== undefined && { discount: discountOf(discount) }),
        },
      },
    });
  }
  const variables = {
    name: checkText("name", given.name, "Pro plan"),
    returnUrl: checkUrl("returnUrl", given.returnUrl, "https://app.example/billing").href,
    lineItems,
    ...(test !== undefined && { test }),
    ...(trialDays !== undefined && { trialDays: checkInteger("trialDays", trialDays, 0, 1_000) }),
    ...(replacementBehavior !== undefined && { replacementBehavior }),
  };
  const document = documents.AppSubscriptionCreateDocument;
  return withCodes(await mutate(transport, document, variables, options, managedPayloadProblem));
}

/** Which subscription to cancel. */
export interface CancelSubscriptionInput {
  /** `gid://shopify/AppSubscription/…` */
  readonly id: string;
  /** Whether to credit the merchant for the unused part of the period. @defaultValue false */
  readonly prorate?: boolean | undefined;
}

/** Cancels a subscription. */
export async function cancelSubscription<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  input: CancelSubscriptionInput,
  options: CallOptions = {},
): Promise<MutationResult<SubscriptionPayload<Api["Subscription"]>, SubscriptionUserError>> {
  const { id, prorate } = checkFields("input", input, ["id", "prorate"]);
  checkBoolean("prorate", prorate);
  const variables = {
    id: checkId("id", id, "AppSubscription"),
    ...(prorate !== undefined && { prorate }),
  };
  const document = documents.AppSubscriptionCancelDocument;
  return withCodes(await mutate(transport, document, variables, options, managedPayloadProblem));
}
