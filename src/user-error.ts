/** One of Shopify's `userErrors`: a message, and the input field that it is about. */
export interface UserError {
  /** The path to the input field; `null` if the error is about no field. */
  readonly field: readonly string[] | null;
  /** Shopify's own words. */
  readonly message: string;
}

/** Whether this is an entry of `userErrors`, as far as its message and field go. */
export function isUserError(error: unknown): error is UserError {
  if (typeof error !== "object" || error === null) return false;
  const { message, field = null }: { message?: unknown; field?: unknown } = error;
  return typeof message === "string" && (field === null || Array.isArray(field));
}

/**
 * Why Shopify refused to charge.
 *
 * @remarks
 * Shopify's `UserError` has no code; this one is read from its message, and is `"UNKNOWN"`
 * if the message is not known. `field` and `message` are always Shopify's own.
 *
 * - `CAPPED_AMOUNT_EXCEEDED`: the charge would exceed the capped amount (documented by Shopify).
 * - `CHARGE_FAILED`: "Failed to create usage charge", which Shopify's 2025-01 example shows for
 *   the same cause, but which developers also report for others.
 * - `IDEMPOTENCY_KEY_TOO_LONG`: more than 255 characters (documented).
 * - `IDEMPOTENCY_KEY_IN_USE`: another request with this key is being processed (documented).
 * - `DESCRIPTION_BLANK`, `LINE_ITEM_NOT_FOUND`: asserted by an emulator, never captured.
 * - `SUBSCRIPTION_NOT_ACTIVE`: reported by developers.
 * - `BILLING_NOT_ALLOWED`: a custom app, one without public distribution, or one on managed
 *   pricing (captured, and reported by developers).
 */
export type UsageRecordUserErrorCode =
  | "CAPPED_AMOUNT_EXCEEDED"
  | "CHARGE_FAILED"
  | "IDEMPOTENCY_KEY_TOO_LONG"
  | "IDEMPOTENCY_KEY_IN_USE"
  | "DESCRIPTION_BLANK"
  | "LINE_ITEM_NOT_FOUND"
  | "SUBSCRIPTION_NOT_ACTIVE"
  | "BILLING_NOT_ALLOWED"
  | "UNKNOWN";

/** A user error of `appUsageRecordCreate`, with the code derived from its message. */
export interface UsageRecordUserError extends UserError {
  readonly code: UsageRecordUserErrorCode;
}

/**
 * Why Shopify refused to propose, change or cancel a subscription.
 *
 * @remarks
 * Derived from the message, like {@link UsageRecordUserErrorCode}.
 *
 * - `BILLING_NOT_ALLOWED`: as for charges.
 * - `CAPPED_AMOUNT_NOT_INCREASED`: a cap can only be raised (asserted by an emulator, never captured).
 * - `LINE_ITEM_NOT_FOUND`, `SUBSCRIPTION_NOT_FOUND`: likewise asserted.
 */
export type SubscriptionUserErrorCode =
  | "BILLING_NOT_ALLOWED"
  | "CAPPED_AMOUNT_NOT_INCREASED"
  | "LINE_ITEM_NOT_FOUND"
  | "SUBSCRIPTION_NOT_FOUND"
  | "UNKNOWN";

/** A user error of a call that manages a subscription, with the code derived from its message. */
export interface SubscriptionUserError extends UserError {
  readonly code: SubscriptionUserErrorCode;
}

const MESSAGES: readonly (readonly [RegExp, UsageRecordUserErrorCode])[] = [
  [/exceeds? balance remaining/i, "CAPPED_AMOUNT_EXCEEDED"],
  [/^failed to create usage charge/i, "CHARGE_FAILED"],
  [/idempotency key exceeds the maximum length/i, "IDEMPOTENCY_KEY_TOO_LONG"],
  [/same idempotency key is being processed/i, "IDEMPOTENCY_KEY_IN_USE"],
  [/^description can['’]t be blank/i, "DESCRIPTION_BLANK"],
  [/^subscription is not active/i, "SUBSCRIPTION_NOT_ACTIVE"],
  [/cannot use the billing api/i, "BILLING_NOT_ALLOWED"],
];

/** Derives the code of a user error of `appUsageRecordCreate`. */
export function usageRecordUserErrorCode({ field, message }: UserError): UsageRecordUserErrorCode {
  if (field?.at(-1) === "subscriptionLineItemId" && /^invalid id/i.test(message)) {
    return "LINE_ITEM_NOT_FOUND";
  }
  return MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? "UNKNOWN";
}

const SUBSCRIPTION_MESSAGES: readonly (readonly [RegExp, SubscriptionUserErrorCode])[] = [
  [/cannot use the billing api/i, "BILLING_NOT_ALLOWED"],
  [/^spending limit can only be increased/i, "CAPPED_AMOUNT_NOT_INCREASED"],
  [/^invalid id/i, "LINE_ITEM_NOT_FOUND"],
  [/^couldn['’]t find recurringapplicationcharge/i, "SUBSCRIPTION_NOT_FOUND"],
];

/** Derives the code of a user error of a call that manages a subscription. */
export function subscriptionUserErrorCode({ message }: UserError): SubscriptionUserErrorCode {
  return SUBSCRIPTION_MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? "UNKNOWN";
}

/** Whether Shopify refused because another request with the same idempotency key is being processed. */
export function isKeyInUse(userErrors: readonly { readonly message: string }[]): boolean {
  return userErrors.some(
    ({ message }) =>
      usageRecordUserErrorCode({ field: null, message }) === "IDEMPOTENCY_KEY_IN_USE",
  );
}
