import type { AdminApi, BillingContext, ChargeDocument, UsageRecordShape } from "../admin-api.js";
import { execute } from "../execute.js";
import { isSameLineItem } from "../gid.js";
import type { CallOptions } from "../input.js";
import { isNonEmpty } from "../narrow.js";
import type { Meta, Refusal } from "../result.js";
import { isUsageRecord, usageRecordProblem } from "../shape.js";
import {
  isKeyInUse,
  usageRecordUserErrorCode,
  type UserError,
  type UsageRecordUserError,
} from "../user-error.js";
import { checkCurrency } from "./active-usage-line-item.js";
import { checkCharge, type Charge, type CreateUsageRecordInput } from "./charge.js";
import { checkRecord, warn, warningsOf, type ChargedLineItem } from "./charged-record.js";
import { LineItemLookUp } from "./line-item-look-up.js";
import { payloadOf, unreadable } from "./mutate.js";

/** What is known about a charge besides its record or user errors. */
export interface UsageRecordMeta extends Meta {
  /** The key that was sent, even if the client generated it. */
  readonly idempotencyKey: string;
}

/** The merchant was charged, by this call or by an earlier one with the same key. */
export interface UsageRecordCreated<UsageRecord> {
  readonly ok: true;
  /** The record, as Shopify returned it. */
  readonly usageRecord: UsageRecord;
  readonly meta: UsageRecordMeta;
}

/** Shopify refused the charge and gave its reasons. */
export interface UsageRecordRefused extends Refusal<UsageRecordUserError> {
  readonly meta: UsageRecordMeta;
}

/** The result of a charge. */
export type CreateUsageRecordResult<UsageRecord> =
  UsageRecordCreated<UsageRecord> | UsageRecordRefused;

function withCode(error: UserError): UsageRecordUserError {
  return { ...error, code: usageRecordUserErrorCode(error) };
}

/** Sends a charge to a line item and interprets the response. */
async function send<Api extends AdminApi, UsageRecord extends UsageRecordShape>(
  context: BillingContext<Api>,
  document: ChargeDocument<Api, UsageRecord>,
  charge: Charge<Api["CurrencyCode"]>,
  lineItem: ChargedLineItem,
  options: CallOptions,
): Promise<CreateUsageRecordResult<UsageRecord>> {
  const { description, price, idempotencyKey } = charge;
  const answer = await execute(
    context.transport,
    document,
    { subscriptionLineItemId: lineItem.id, price, description, idempotencyKey },
    { ...options, idempotencyKey },
  );
  const payload = payloadOf(answer);
  const record = payload?.appUsageRecord;
  const metaWith = (facts: Pick<Meta, "test" | "warnings">): UsageRecordMeta => ({
    ...answer.meta,
    ...facts,
    idempotencyKey,
  });
  if (payload && isUsageRecord<UsageRecord>(record)) {
    const problems = await checkRecord(context, record, charge, lineItem, answer, options);
    const warnings = warningsOf(payload.userErrors, answer.failure, problems);
    // An earlier call may have charged another subscription, about which this call knows nothing.
    const charged = isSameLineItem(record.subscriptionLineItem.id, lineItem.id);
    return {
      ok: true,
      usageRecord: record,
      meta: metaWith({
        test: charged ? lineItem.test : null,
        warnings: warn(context, record, idempotencyKey, warnings),
      }),
    };
  }
  const userErrors = payload?.userErrors.map(withCode) ?? [];
  // GraphQL errors, or a malformed record, may hide a charge that was made.
  if (answer.failure || record || !isNonEmpty(userErrors)) {
    const problem = record
      ? `The usage record in the response is malformed: ${usageRecordProblem(record)}`
      : "The response has neither a usage record nor user errors";
    throw unreadable(answer, problem);
  }
  return {
    ok: false,
    userErrors,
    certainty: answer.certainty,
    retryable: isKeyInUse(userErrors),
    retryAfter: null,
    meta: metaWith({ test: lineItem.test, warnings: [] }),
  };
}

/** Looks up the line item and charges it. */
async function sendToFound<Api extends AdminApi, UsageRecord extends UsageRecordShape>(
  context: BillingContext<Api>,
  document: ChargeDocument<Api, UsageRecord>,
  charge: Charge<Api["CurrencyCode"]>,
  lookUp: LineItemLookUp<Api>,
  options: CallOptions,
): Promise<CreateUsageRecordResult<UsageRecord>> {
  const { isTest } = charge;
  const found = await lookUp.find(isTest, options);
  checkCurrency("price", charge.price, found, charge.idempotencyKey);
  const result = await send(context, document, charge, found, options);
  const ended =
    !result.ok && result.userErrors.some(({ code }) => code === "SUBSCRIPTION_NOT_ACTIVE");
  if (!ended || result.certainty === "unknown") return result;
  // The merchant changed the plan between the look-up and the charge.
  await lookUp.forget(isTest, found);
  const renewed = await lookUp.find(isTest, options);
  if (renewed.id === found.id) return result;
  checkCurrency("price", charge.price, renewed, charge.idempotencyKey);
  return await send(context, document, charge, renewed, options);
}

/** Sends a charge, after looking up the line item if the charge names none. */
export function sendCharge<Api extends AdminApi, UsageRecord extends UsageRecordShape>(
  context: BillingContext<Api>,
  document: ChargeDocument<Api, UsageRecord>,
  charge: Charge<Api["CurrencyCode"]>,
  lookUp: () => LineItemLookUp<Api>,
  options: CallOptions,
): Promise<CreateUsageRecordResult<UsageRecord>> {
  const { subscriptionLineItemId: id } = charge;
  return id === undefined
    ? sendToFound(context, document, charge, lookUp(), options)
    : send(context, document, charge, { id, test: null }, options);
}

/** Charges a merchant for usage, once. */
export async function createUsageRecord<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: CreateUsageRecordInput<Api["CurrencyCode"]>,
  options: CallOptions = {},
): Promise<CreateUsageRecordResult<Api["UsageRecord"]>> {
  const charge = checkCharge(input);
  const document = context.documents.AppUsageRecordCreateDocument;
  const lookUp = (): LineItemLookUp<Api> => new LineItemLookUp(context, charge.idempotencyKey);
  return await sendCharge(context, document, charge, lookUp, options);
}
