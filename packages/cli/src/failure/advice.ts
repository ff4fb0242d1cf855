import {
  AccessDeniedError,
  AuthenticationError,
  GraphQLRequestError,
  InvalidInputError,
  InvalidResponseError,
  NetworkError,
  NoActiveUsageLineItemError,
  ShopUnavailableError,
  TimeoutError,
  type UsageBillingError,
  type UsageRecordUserErrorCode,
} from "shopify-usage-billing";
import { COMMAND } from "../command-name.js";
import { shellWord } from "../output/shell-word.js";
import { exitCodeOfError, exitCodes } from "./exit-code.js";

/** What to do about a refusal, by code. `null` if Shopify's message is all there is to say. */
const REFUSALS: Readonly<Record<UsageRecordUserErrorCode, string | null>> = {
  CAPPED_AMOUNT_EXCEEDED: `Raise the cap with \`${COMMAND} raise-cap\`, then charge with a new key: Shopify may repeat its refusal for this one.`,
  CHARGE_FAILED: `Shopify gives no reason; usually it is the cap. See \`${COMMAND} balance\`.`,
  IDEMPOTENCY_KEY_TOO_LONG: "Use a key of at most 255 characters.",
  IDEMPOTENCY_KEY_IN_USE:
    "Another request with this key is being processed. Run it again with the same key in a minute.",
  DESCRIPTION_BLANK: "Give a description.",
  LINE_ITEM_NOT_FOUND: `Find the line item's id with \`${COMMAND} subscriptions --json\`.`,
  SUBSCRIPTION_NOT_ACTIVE: `See the subscription's status with \`${COMMAND} subscriptions\`.`,
  BILLING_NOT_ALLOWED: "Only public apps with manual pricing can charge through the Billing API.",
  UNKNOWN: null,
};

/** Returns what to do about a refusal, by the code of its first user error. */
export function adviceOnRefusal(code: string): string | null {
  return Object.entries(REFUSALS).find(([known]) => known === code)?.[1] ?? null;
}

/** What to say about a failed call: whether it can have charged, and what to do. */
export interface Verdict {
  /** Whether the merchant can have been charged. `null` if the call does not charge. */
  readonly certainty: string | null;
  readonly instruction: string | null;
}

/** Returns what to say about a failed call. */
export function verdictOn(error: UsageBillingError): Verdict {
  const { idempotencyKey: key } = error;
  const certainty =
    error.certainty === "unknown"
      ? key === null
        ? "Shopify may have executed the request."
        : "The merchant may have been charged."
      : key === null
        ? null
        : "Nothing was charged by this call.";
  return { certainty, instruction: instructionOn(error) };
}

function instructionOn(error: UsageBillingError): string | null {
  const { idempotencyKey: key } = error;
  switch (exitCodeOfError(error)) {
    case exitCodes.conflict:
      // Not "use another key": the existing charge may be the intended one.
      return `See it with \`${COMMAND} list --newest\`.`;
    case exitCodes.unknown:
      return key === null
        ? "Running it again is safe."
        : `Run it again with --key ${shellWord(key)}: it charges only if nothing was charged.`;
    case exitCodes.unsettled:
      return `Running it again cannot settle it: look for the charge with \`${COMMAND} list --newest\`.`;
    case exitCodes.later:
      return laterAdvice(error);
    default:
      return finalAdvice(error);
  }
}

/** What to do about a temporary failure. */
function laterAdvice(error: UsageBillingError): string {
  if (error instanceof NetworkError || error instanceof TimeoutError) {
    return "Check the connection and any --endpoint, then run it again.";
  }
  return error.retryAfter === null
    ? "Run it again later."
    : `Run it again in ${Math.ceil(error.retryAfter / 1000)} s.`;
}

/** What to do about a permanent failure. */
function finalAdvice(error: UsageBillingError): string | null {
  if (error instanceof InvalidInputError) return null; // Its message says what to do.
  if (error instanceof AuthenticationError) {
    return "Check that the token belongs to this app in this shop; uninstalling the app revokes it.";
  }
  if (error instanceof AccessDeniedError) {
    return /expir/i.test(error.message)
      ? "Exchange the token for an expiring offline token."
      : "Check that the token may manage this app's billing in this shop.";
  }
  if (error instanceof ShopUnavailableError) {
    return "Check the shop's domain. If it is right, the shop is frozen or closed, and only its owner can reopen it.";
  }
  if (error instanceof NoActiveUsageLineItemError) {
    return `List the subscriptions with \`${COMMAND} subscriptions\`.`;
  }
  if (error instanceof GraphQLRequestError) return "See Shopify's response with --debug.";
  if (error instanceof InvalidResponseError) {
    return "Check --shop and --endpoint: the response may not come from Shopify.";
  }
  return null;
}
