import {
  checkBoolean,
  checkFields,
  checkId,
  checkMoney,
  checkText,
  type MoneyValue,
} from "../input.js";
import type { Money } from "../money.js";

/** A charge for usage. */
export interface CreateUsageRecordInput<CurrencyCode extends string = string> {
  /** What the merchant is charged for, as shown on the invoice. */
  readonly description: string;
  /** The price: a decimal string or a number, above zero, in the currency of the capped amount. */
  readonly price: MoneyValue<CurrencyCode>;
  /**
   * Ensures that the charge is made only once, however often it is sent. Unique per app and shop.
   * Generated if absent; always sent.
   *
   * @remarks
   * Use a key that outlives the process, such as the id of the event that is charged for: only then
   * can a call be retried after a crash. At most 255 characters (documented by Shopify).
   */
  readonly idempotencyKey?: string | undefined;
  /** The usage line item to charge. If absent, the active subscription's is looked up. */
  readonly subscriptionLineItemId?: string | undefined;
  /** Whether the look-up may find a test subscription, whose charges are never billed. @defaultValue true */
  readonly isTest?: boolean | undefined;
}

const FIELDS = ["description", "price", "idempotencyKey", "subscriptionLineItemId", "isTest"];

/** A charge that passed all checks. */
export interface Charge<CurrencyCode extends string = string> {
  readonly description: string;
  readonly price: Money<CurrencyCode>;
  readonly idempotencyKey: string;
  /** Whether the caller gave the key. Only then can it have been used before. */
  readonly keyGiven: boolean;
  readonly subscriptionLineItemId: string | undefined;
  readonly isTest: boolean;
}

/**
 * Refuses a charge that Shopify would misunderstand.
 *
 * @param ownFields - fields of the app's own that the charge may carry
 * @throws InvalidInputError
 */
export function checkCharge<CurrencyCode extends string>(
  input: unknown,
  ownFields: readonly string[] = [],
): Charge<CurrencyCode> {
  // Every field is checked below, regardless of its declared type.
  const given = input as CreateUsageRecordInput<CurrencyCode>;
  const charge = checkFields("input", given, [...FIELDS, ...ownFields]);
  const { idempotencyKey, subscriptionLineItemId, isTest = true } = charge;
  checkBoolean("isTest", isTest);
  return {
    description: checkText("description", charge.description, "1000 emails"),
    price: checkMoney("price", charge.price),
    idempotencyKey:
      idempotencyKey === undefined
        ? crypto.randomUUID()
        : checkText("idempotencyKey", idempotencyKey, "event-1234"),
    keyGiven: idempotencyKey !== undefined,
    subscriptionLineItemId:
      subscriptionLineItemId === undefined
        ? undefined
        : checkId("subscriptionLineItemId", subscriptionLineItemId, "AppSubscriptionLineItem"),
    isTest,
  };
}

/**
 * Throws if `createUsageRecord` would refuse an input before sending it; sends nothing.
 *
 * @throws InvalidInputError with the `field` at fault
 */
export function assertUsageRecordInput(input: unknown): asserts input is CreateUsageRecordInput {
  checkCharge(input);
}
