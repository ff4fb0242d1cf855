import {
  AccessDeniedError,
  AuthenticationError,
  GraphQLRequestError,
  IdempotencyConflictError,
  InvalidResponseError,
  NetworkError,
  NoActiveUsageLineItemError,
  ServerError,
  ShopUnavailableError,
  ThrottledError,
  TimeoutError,
  type UsageBillingError,
  type UsageRecordUserErrorCode,
} from "shopify-usage-billing";

/** What to do where Shopify did not charge, by code. */
const REFUSALS: Record<UsageRecordUserErrorCode, string> = {
  CAPPED_AMOUNT_EXCEEDED:
    "Ask the merchant for a higher cap with `usage-billing raise-cap`; `usage-billing balance` shows what is left. " +
    "Once it is approved, charge with a new key: whether a refused one is answered anew is not documented.",
  CHARGE_FAILED:
    "Shopify does not say why. Most often the cap would be passed: see `usage-billing balance`. Developers also report that a new key helped.",
  IDEMPOTENCY_KEY_TOO_LONG: "Give a key of at most 255 characters.",
  IDEMPOTENCY_KEY_IN_USE:
    "Another request with this key is under way. Call again with the same key in a minute.",
  DESCRIPTION_BLANK: "Give a description.",
  LINE_ITEM_NOT_FOUND: "See `usage-billing subscriptions --json` for the ids of line items.",
  SUBSCRIPTION_NOT_ACTIVE:
    "See `usage-billing subscriptions`: a frozen subscription waits for the merchant to pay, a cancelled one for a new one.",
  BILLING_NOT_ALLOWED:
    "Only apps with public distribution and manual pricing can charge by the Billing API.",
  UNKNOWN: "This answer is not known to usage-billing; Shopify's own words are above.",
};

/** What to do about a refused charge, by its user error's code; null where the code is none. */
export function adviceOnRefusal(code: string): string | null {
  return Object.entries(REFUSALS).find(([known]) => known === code)?.[1] ?? null;
}

/** What to do about a call that was not answered. */
export function adviceOn(error: UsageBillingError): readonly string[] {
  const advice: string[] = [];
  if (error instanceof AuthenticationError) {
    advice.push(
      "Check that the token is this shop's and this app's. It ends when the app is uninstalled.",
    );
  } else if (error instanceof AccessDeniedError) {
    advice.push("The token may not manage this app's billing in this shop.");
  } else if (error instanceof ShopUnavailableError) {
    advice.push(
      "Check the shop's domain. A frozen or locked shop has to be reopened by its owner.",
    );
  } else if (error instanceof ThrottledError) {
    const wait = error.retryAfter === null ? "" : ` in ${Math.ceil(error.retryAfter / 1000)} s`;
    advice.push(`Something else uses up the shop's rate limit: try again later${wait}.`);
  } else if (error instanceof NetworkError || error instanceof TimeoutError) {
    advice.push("Check the connection, and --endpoint where one is given.");
  } else if (error instanceof ServerError) {
    advice.push("Shopify has a problem: try again later, and see https://www.shopifystatus.com.");
  } else if (error instanceof NoActiveUsageLineItemError) {
    advice.push(
      "See `usage-billing subscriptions`. The merchant must approve a subscription with usage pricing first.",
    );
  } else if (error instanceof IdempotencyConflictError) {
    advice.push("Never give this charge another key before you know why the two differ.");
  } else if (error instanceof GraphQLRequestError) {
    advice.push("Another --api-version may help; --debug shows Shopify's answer.");
  } else if (error instanceof InvalidResponseError) {
    advice.push("Check --shop and --endpoint: what answered may not be Shopify.");
  }
  return advice;
}
