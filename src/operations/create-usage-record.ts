import type { AdminApi, BillingContext, UsageRecordShape } from "../admin-api.js";
import { IdempotencyConflictError } from "../errors/idempotency-conflict-error.js";
import type { UsageBillingError } from "../errors/usage-billing-error.js";
import { execute, type Answer } from "../execute.js";
import { isSameLineItem } from "../gid.js";
import {
  checkBoolean,
  checkFields,
  checkId,
  checkMoney,
  checkText,
  type CallOptions,
  type MoneyValue,
} from "../input.js";
import { differsByCents, type Money } from "../money.js";
import { isNonEmpty } from "../narrow.js";
import type { Meta, Refusal, Warning } from "../result.js";
import { isUsageRecord } from "../shape.js";
import {
  usageRecordUserErrorCode,
  type UserError,
  type UsageRecordUserError,
} from "../user-error.js";
import { LineItemLookUp } from "./line-item-look-up.js";
import { payloadOf, unreadable } from "./mutate.js";

/** A charge for usage. */
export interface CreateUsageRecordInput<CurrencyCode extends string = string> {
  /** What the merchant is charged for; shown on the invoice. */
  readonly description: string;
  /** The price: a decimal string or a number, above zero, in the currency of the capped amount. */
  readonly price: MoneyValue<CurrencyCode>;
  /**
   * What makes the charge happen once, however often it is asked for; unique within shop and app.
   * Made up when absent, and always sent.
   *
   * @remarks
   * Give one that outlives the process, such as the id of the event that is charged for: only
   * then can a call be repeated after a crash. At most 255 characters (documented by Shopify).
   */
  readonly idempotencyKey?: string | undefined;
  /** The usage line item to charge; absent: that of the active subscription is looked up. */
  readonly subscriptionLineItemId?: string | undefined;
  /** Are test subscriptions eligible for the look-up? @defaultValue true */
  readonly isTest?: boolean | undefined;
}

/** What is known of the answer to a charge besides its record or user errors. */
export interface UsageRecordMeta extends Meta {
  readonly idempotencyKey: string;
}

/** The merchant was charged, by this call or by an earlier one with the same key. */
export interface UsageRecordCreated<UsageRecord> {
  readonly ok: true;
  readonly usageRecord: UsageRecord;
  readonly meta: UsageRecordMeta;
}

/** Shopify refused the charge, and said why. */
export interface UsageRecordRefused extends Refusal<UsageRecordUserError> {
  readonly meta: UsageRecordMeta;
}

/** What Shopify answered to a charge. */
export type CreateUsageRecordResult<UsageRecord> =
  UsageRecordCreated<UsageRecord> | UsageRecordRefused;

const FIELDS = ["description", "price", "idempotencyKey", "subscriptionLineItemId", "isTest"];

/** A charge that may be sent. */
export interface Charge<CurrencyCode extends string = string> {
  readonly description: string;
  readonly price: Money<CurrencyCode>;
  readonly idempotencyKey: string;
  /** Did the caller give the key, so that it may have been used before? */
  readonly keyGiven: boolean;
  readonly subscriptionLineItemId: string | undefined;
  readonly isTest: boolean;
}

/** Refuses a charge that Shopify could only misunderstand. @throws InvalidInputError */
export function checkCharge<CurrencyCode extends string>(
  input: CreateUsageRecordInput<CurrencyCode>,
): Charge<CurrencyCode> {
  checkFields("input", input, FIELDS);
  const { idempotencyKey, subscriptionLineItemId, isTest = true } = input;
  checkBoolean("isTest", isTest);
  return {
    description: checkText("description", input.description, "1000 emails"),
    price: checkMoney("price", input.price),
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
 * @throws InvalidInputError naming the field
 */
export function assertUsageRecordInput(input: unknown): asserts input is CreateUsageRecordInput {
  // `checkCharge` looks at every field at run time, whatever its declared type.
  checkCharge(input as CreateUsageRecordInput);
}

/** Server clocks differ, and `Date` is whole seconds: a record is clearly older only beyond this, in milliseconds. */
const CLOCK_MARGIN = 60_000;

/** The error where a caller's key came back with the record of another charge. */
function conflictOf(
  record: UsageRecordShape,
  charge: Charge,
  answer: Answer<unknown>,
): IdempotencyConflictError | null {
  if (!charge.keyGiven) return null;
  const { price, subscriptionLineItem } = record;
  const otherPrice =
    price.currencyCode === charge.price.currencyCode &&
    differsByCents(price.amount, charge.price.amount);
  const otherLineItem =
    charge.subscriptionLineItemId !== undefined &&
    !isSameLineItem(subscriptionLineItem.id, charge.subscriptionLineItemId);
  if (!otherPrice && !otherLineItem) return null;
  // Not a number, and so never earlier, where the answer has no date.
  const sent = Date.parse(answer.date ?? "") - answer.duration;
  const earlier = Date.parse(record.createdAt) < sent - CLOCK_MARGIN;
  const what = otherPrice
    ? `a price of ${price.amount} ${price.currencyCode}, not ${charge.price.amount}`
    : `line item ${subscriptionLineItem.id}`;
  return answer.fail(
    new IdempotencyConflictError(
      `The idempotency key ${JSON.stringify(charge.idempotencyKey)} belongs to ${record.id} with ${what}: ` +
        "a charge with this key exists; use one key for one charge",
      {
        usageRecord: record,
        requestId: answer.meta.requestId,
      },
    ),
    // Attempts that were lost met the same record: they leave nothing open.
    earlier ? "notApplied" : "unknown",
  );
}

/** What stands beside a record that was made. */
function warningsOf(
  record: UsageRecordShape,
  charge: Charge,
  userErrors: readonly UserError[],
  failure: UsageBillingError | null,
): readonly Warning[] {
  const warnings: Warning[] = userErrors.map(({ message }) => ({ source: "userErrors", message }));
  if (failure) warnings.push({ source: "errors", message: failure.message });
  const { currencyCode } = record.price;
  if (currencyCode !== charge.price.currencyCode) {
    const message = `The record's price is in ${currencyCode}, not in ${charge.price.currencyCode}`;
    warnings.push({ source: "usageRecord", message });
  }
  return warnings;
}

function withCode(error: UserError): UsageRecordUserError {
  return { ...error, code: usageRecordUserErrorCode(error) };
}

/** Sends a charge to a line item and reads the answer. */
async function send<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  charge: Charge<Api["CurrencyCode"]>,
  { id, test }: { readonly id: string; readonly test: boolean | null },
  signal: AbortSignal | undefined,
): Promise<CreateUsageRecordResult<Api["UsageRecord"]>> {
  const { description, price, idempotencyKey } = charge;
  const answer = await execute(
    transport,
    documents.AppUsageRecordCreateDocument,
    { subscriptionLineItemId: id, price, description, idempotencyKey },
    { signal, idempotencyKey },
  );
  const payload = payloadOf(answer);
  const record = payload?.appUsageRecord;
  const meta: UsageRecordMeta = { ...answer.meta, idempotencyKey, test };
  if (payload && isUsageRecord<Api["UsageRecord"]>(record)) {
    const conflict = conflictOf(record, charge, answer);
    if (conflict) throw conflict;
    const warnings = warningsOf(record, charge, payload.userErrors, answer.failure);
    return { ok: true, usageRecord: record, meta: { ...meta, warnings } };
  }
  const userErrors = payload?.userErrors.map(withCode) ?? [];
  // GraphQL errors, or a record that is none, may hide that the charge was made.
  if (answer.failure || record || !isNonEmpty(userErrors)) {
    throw unreadable(answer, "The answer has neither a usage record nor user errors");
  }
  const inUse = userErrors.some(({ code }) => code === "IDEMPOTENCY_KEY_IN_USE");
  return { ok: false, userErrors, certainty: inUse ? "unknown" : answer.certainty, meta };
}

/** Charges the line item that is found. */
async function sendToFound<Api extends AdminApi>(
  context: BillingContext<Api>,
  charge: Charge<Api["CurrencyCode"]>,
  lookUp: LineItemLookUp<Api>,
  signal: AbortSignal | undefined,
): Promise<CreateUsageRecordResult<Api["UsageRecord"]>> {
  const { isTest } = charge;
  const found = await lookUp.find(isTest, signal);
  const result = await send(context, charge, found, signal);
  const ended =
    !result.ok && result.userErrors.some(({ code }) => code === "SUBSCRIPTION_NOT_ACTIVE");
  if (!ended || result.certainty === "unknown") return result;
  // The merchant changed the plan between look-up and charge.
  await lookUp.forget(isTest, found);
  const renewed = await lookUp.find(isTest, signal);
  return renewed.id === found.id ? result : await send(context, charge, renewed, signal);
}

/** Charges, with the look-up of the line item where the charge names none. */
export function sendCharge<Api extends AdminApi>(
  context: BillingContext<Api>,
  charge: Charge<Api["CurrencyCode"]>,
  lookUp: () => LineItemLookUp<Api>,
  { signal }: CallOptions,
): Promise<CreateUsageRecordResult<Api["UsageRecord"]>> {
  const { subscriptionLineItemId: id } = charge;
  return id === undefined
    ? sendToFound(context, charge, lookUp(), signal)
    : send(context, charge, { id, test: null }, signal);
}

/** Charges a merchant for usage, once. */
export async function createUsageRecord<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: CreateUsageRecordInput<Api["CurrencyCode"]>,
  options: CallOptions = {},
): Promise<CreateUsageRecordResult<Api["UsageRecord"]>> {
  const charge = checkCharge(input);
  const lookUp = (): LineItemLookUp<Api> => new LineItemLookUp(context, charge.idempotencyKey);
  return await sendCharge(context, charge, lookUp, options);
}
