import { dateTime } from "../platform/clock.js";
import { parseDecimal } from "./decimal.js";
import { money, roundToMinorUnit, type Money } from "./money.js";
import { GraphQLError } from "graphql";
import type { Account } from "./account.js";
import { CAPPED_AMOUNT_MESSAGES } from "./choices.js";
import type { UsageRecordPayload } from "./usage-record.js";
import { userError, type UserError } from "./user-error.js";

/** The arguments of `appUsageRecordCreate`. */
export interface UsageRecordInput {
  readonly subscriptionLineItemId: string;
  readonly price: Money;
  readonly description: string;
  readonly idempotencyKey?: string | null;
}

/** Who asks for the charge. */
export interface ChargeAttempt {
  readonly requestId: string;
  /** Resolves when the request has taken as long as it should. `null` if it takes no time. */
  readonly latency: () => Promise<void> | null;
}

const LONGEST_KEY = 255;

function refused(error: UserError): UsageRecordPayload {
  return { appUsageRecord: null, userErrors: [error] };
}

/** The response while another request with the same key runs (documented by Shopify). */
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
 * merchant: a charge that was made is always found, regardless of what has changed since.
 */
export function createUsageRecord(
  account: Account,
  input: UsageRecordInput,
  attempt: ChargeAttempt,
): UsageRecordPayload | Promise<UsageRecordPayload> {
  // That an empty key counts as no key is a choice: unknown.
  const key = input.idempotencyKey || null;
  const keys = account.idempotencyKeys;
  checkCurrency(input.price);
  if (key === null) return afterLatency(attempt, () => charge(account, input, null, attempt));

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
    const payload = charge(account, input, key, attempt);
    keys.finish(key, payload);
    return payload;
  });
}

/** @throws GraphQLError for a currency that is only a result (captured from a live store, for another mutation). */
function checkCurrency({ currencyCode }: Money): void {
  if (currencyCode !== "USDC") return;
  throw new GraphQLError(
    `CurrencyCode "${currencyCode}" is invalid. It can only be used as a result and not as an input value.`,
    { extensions: { code: "CURRENCY_CODE_INVALID" } },
  );
}

function afterLatency<T>(attempt: ChargeAttempt, work: () => T): T | Promise<T> {
  return attempt.latency()?.then(work) ?? work();
}

function charge(
  account: Account,
  input: UsageRecordInput,
  key: string | null,
  attempt: ChargeAttempt,
): UsageRecordPayload {
  const { description } = input;
  const { choices } = account.platform;
  const billing = account.billingRefusal;
  if (billing !== null) return refused(userError(null, billing));

  // Asserted by an emulator, not captured.
  if (description.trim() === "") {
    return refused(userError(["description"], "Description can't be blank"));
  }
  // The text is the one of the REST API; that GraphQL has the same is a choice: unknown.
  const given = parseDecimal(input.price.amount);
  const price = given && roundToMinorUnit(given, input.price.currencyCode);
  if (price === null || !price.gt(0)) {
    return refused(userError(["price"], "must be greater than zero"));
  }
  const lineItem = account.lineItem(input.subscriptionLineItemId);
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
  // The text is that of a cap in another currency, asserted by an emulator. That a charge gets it is a choice.
  if (input.price.currencyCode !== pricing.currencyCode) {
    return refused(userError(["price"], `Currency code must be ${pricing.currencyCode}`));
  }
  // That test charges pass the cap was reported by developers, and is off by default.
  const free = choices.testChargesPassCap && lineItem.subscription.test;
  if (!free && pricing.exceedsCap(price)) {
    return refused(userError(null, CAPPED_AMOUNT_MESSAGES[choices.cappedAmountMessage]));
  }
  // Reported by developers: after a plan change, with a balance that reads 0.
  if (!free && pricing.exceedsCapByCarryOver(price)) {
    return refused(userError(null, CAPPED_AMOUNT_MESSAGES.example));
  }
  const record = account.recordCharge(
    lineItem,
    {
      description,
      price: money(price, pricing.currencyCode),
      idempotencyKey: key,
      createdAt: dateTime(account.now()),
    },
    price,
    attempt.requestId,
  );
  return { appUsageRecord: record, userErrors: [] };
}
