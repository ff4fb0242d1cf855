import { dateTime } from "./clock.js";
import { parseDecimal } from "./decimal.js";
import { money, type Money } from "./money.js";
import type { Shop } from "./shop.js";
import type { UsageRecord } from "./usage-record.js";
import { userError, type UserError } from "./user-error.js";

/** The arguments of `appUsageRecordCreate`. */
export interface UsageRecordInput {
  readonly subscriptionLineItemId: string;
  readonly price: Money;
  readonly description: string;
  readonly idempotencyKey?: string | null;
}

/** Shopify's `AppUsageRecordCreatePayload`. */
export interface UsageRecordPayload {
  readonly appUsageRecord: UsageRecord | null;
  readonly userErrors: readonly UserError[];
}

/** Who asks for the charge. */
export interface ChargeAttempt {
  readonly requestId: string;
  /** Resolves when the request has taken as long as it should; null where it takes no time. */
  readonly latency: () => Promise<void> | null;
}

const LONGEST_KEY = 255;

function refused(error: UserError): UsageRecordPayload {
  return { appUsageRecord: null, userErrors: [error] };
}

/** The answer while another request with the same key runs (documented by Shopify). */
export const KEY_IN_PROGRESS: UsageRecordPayload = refused(
  userError(
    ["idempotencyKey"],
    "Another request for the same idempotency key is being processed. Please try again.",
  ),
);

/**
 * `appUsageRecordCreate`: makes the charge, unless the key has made it before.
 *
 * @remarks
 * That the key is looked up before everything else is a choice: unknown. It is the safest for the
 * merchant: whatever changed since, a charge that was made is not refused and made again elsewhere.
 */
export function createUsageRecord(
  shop: Shop,
  input: UsageRecordInput,
  attempt: ChargeAttempt,
): UsageRecordPayload | Promise<UsageRecordPayload> {
  // That an empty key is no key is a choice: unknown.
  const key = input.idempotencyKey || null;
  const keys = shop.idempotencyKeys;
  if (key === null) return afterLatency(attempt, () => charge(shop, input, null, attempt));

  // Documented by Shopify. That characters are counted, not bytes, is a choice: unknown.
  if ([...key].length > LONGEST_KEY) {
    return refused(userError(["idempotencyKey"], "Idempotency key exceeds the maximum length."));
  }
  if (keys.isInProgress(key)) return KEY_IN_PROGRESS;
  const earlier = keys.answer(key);
  if (earlier) {
    earlier.appUsageRecord?.addAttempt(attempt.requestId);
    return earlier;
  }
  keys.begin(key);
  return afterLatency(attempt, () => {
    const payload = charge(shop, input, key, attempt);
    keys.finish(key, payload);
    return payload;
  });
}

function afterLatency<T>(attempt: ChargeAttempt, work: () => T): T | Promise<T> {
  return attempt.latency()?.then(work) ?? work();
}

function charge(
  shop: Shop,
  input: UsageRecordInput,
  key: string | null,
  attempt: ChargeAttempt,
): UsageRecordPayload {
  const { description } = input;
  const { choices } = shop.platform;
  const billing = shop.billingRefusal();
  if (billing !== null) return refused(userError(null, billing));

  // Asserted by an emulator, not captured.
  if (description.trim() === "") {
    return refused(userError(["description"], "Description can't be blank"));
  }
  // The text is the one of the REST API; that GraphQL has the same is a choice: unknown.
  const price = parseDecimal(input.price.amount);
  if (price === null || price.units <= 0n) {
    return refused(userError(["price"], "must be greater than zero"));
  }
  const lineItem = shop.lineItem(input.subscriptionLineItemId);
  // Asserted by an emulator, not captured.
  if (lineItem === null) return refused(userError(["subscriptionLineItemId"], "Invalid id"));
  // Reported by developers.
  if (lineItem.subscription.status !== "ACTIVE") {
    return refused(userError(null, "Subscription is not active"));
  }
  const pricing = lineItem.usagePricing;
  // That usage pricing is needed is documented by Shopify; the text is a choice: unknown.
  if (pricing === null) {
    return refused(
      userError(
        ["subscriptionLineItemId"],
        "Subscription line item must have a usage pricing plan",
      ),
    );
  }
  // That another currency is answered like a charge above the cap is asserted by an emulator, and doubtful.
  // That test charges pass the cap was reported by developers, and is off by default.
  const free = choices.testChargesPassCap && lineItem.subscription.test;
  if (input.price.currencyCode !== pricing.currencyCode || (!free && pricing.exceedsCap(price))) {
    return refused(userError(null, CAPPED_AMOUNT_MESSAGES[choices.cappedAmountMessage]));
  }
  const record = shop.recordCharge(
    lineItem,
    {
      description,
      price: money(price, pricing.currencyCode),
      idempotencyKey: key,
      createdAt: dateTime(shop.now()),
    },
    price,
    attempt.requestId,
  );
  return { appUsageRecord: record, userErrors: [] };
}

/**
 * The two texts for a charge above the cap: the one of the mutation's documentation, and the one of
 * its 2025-01 example.
 */
const CAPPED_AMOUNT_MESSAGES = {
  documented: "Total price exceeds balance remaining",
  example: "Failed to create usage charge",
} as const;

/** Which text a charge above the cap gets. */
export type CappedAmountMessage = keyof typeof CAPPED_AMOUNT_MESSAGES;
