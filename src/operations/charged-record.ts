import type { AdminApi, BillingContext, UsageRecordShape } from "../admin-api.js";
import { IdempotencyConflictError } from "../errors/idempotency-conflict-error.js";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import type { Answer } from "../execute.js";
import { isSameLineItem } from "../gid.js";
import type { CallOptions } from "../input.js";
import { differsByCents, isPositive } from "../money.js";
import type { Warning } from "../result.js";
import { emit } from "../transport/events.js";
import type { UserError } from "../user-error.js";
import type { Charge } from "./charge.js";
import { subscriptionOf } from "./subscription.js";

/** The line item that a charge was sent to. */
export interface ChargedLineItem {
  readonly id: string;
  /** Whether its subscription is a test one; `null` if the caller named the line item. */
  readonly test: boolean | null;
}

/**
 * How much older than the call a record must be to count as earlier, in milliseconds. Server clocks
 * differ, and `Date` is in whole seconds.
 */
const CLOCK_MARGIN = 60_000;

/**
 * Describes a price that differs from the requested one by more than rounding to cents, or that is
 * rounded to nothing; `null` if it does not.
 */
function otherPrice({ price }: UsageRecordShape, asked: Charge["price"]): string | null {
  const { amount, currencyCode } = price;
  if (currencyCode !== asked.currencyCode) return null;
  return differsByCents(amount, asked.amount) || !isPositive(amount)
    ? `a price of ${amount} ${currencyCode}, not ${asked.amount}`
    : null;
}

/**
 * Describes a line item that the charge must not be on; `null` if it is acceptable.
 *
 * @remarks
 * A line item that was looked up may differ because the plan changed since the first call with the
 * key. But a charge with `isTest: false` that is found on a test subscription was never billed.
 */
async function otherLineItem<Api extends AdminApi>(
  context: BillingContext<Api>,
  { subscriptionLineItem: { id } }: UsageRecordShape,
  charge: Charge,
  lineItem: ChargedLineItem,
  options: CallOptions,
): Promise<string | null> {
  if (isSameLineItem(id, lineItem.id)) return null;
  if (charge.subscriptionLineItemId !== undefined) return `line item ${id}, not ${lineItem.id}`;
  if (charge.isTest) return null;
  const subscription = await subscriptionOf(context, id, options);
  return subscription?.test === false
    ? null
    : `line item ${id}, which is not a live subscription's`;
}

/** Makes the error for a key that returned the record of another charge. */
function conflict(
  record: UsageRecordShape,
  { idempotencyKey }: Charge,
  what: string,
  answer: Answer<unknown>,
): IdempotencyConflictError {
  // NaN, and so never earlier, if the response has no date.
  const sent = Date.parse(answer.date ?? "") - answer.duration;
  const earlier = Date.parse(record.createdAt) < sent - CLOCK_MARGIN;
  return answer.fail(
    new IdempotencyConflictError(
      `The idempotency key ${JSON.stringify(idempotencyKey)} came back with ${record.id}, which has ${what}: ` +
        "never bill again on this error; find out which charge the record stands for",
      { usageRecord: record, requestId: answer.meta.requestId },
    ),
    // Attempts without a response met the same record, so the outcome is certain.
    earlier ? "notApplied" : "unknown",
  );
}

/** Describes one key with two records; developers have reported it (community, 567190). */
export function twoRecords(idempotencyKey: string, one: string, other: string): string {
  return `The idempotency key ${JSON.stringify(idempotencyKey)} has two records, ${one} and ${other}: the merchant may have been charged twice`;
}

/**
 * Compares the returned record with the charge.
 *
 * @returns warnings about a record that is the charge's but differs from it
 * @throws IdempotencyConflictError if the key, the price or the line item belongs to another charge
 */
export async function checkRecord<Api extends AdminApi>(
  context: BillingContext<Api>,
  record: UsageRecordShape,
  charge: Charge,
  lineItem: ChargedLineItem,
  answer: Answer<unknown>,
  options: CallOptions,
): Promise<readonly string[]> {
  const { idempotencyKey: key, price } = record;
  if (typeof key === "string" && key !== charge.idempotencyKey) {
    throw conflict(record, charge, `the key ${JSON.stringify(key)}`, answer);
  }
  const warnings: string[] = [];
  let differences: (string | null)[];
  try {
    differences = [
      otherPrice(record, charge.price),
      await otherLineItem(context, record, charge, lineItem, options),
    ];
  } catch (error) {
    // The record exists, but it is not known whether it is the charge's. Calling again settles it.
    throw error instanceof UsageBillingError ? answer.fail(error, "unknown") : error;
  }
  for (const difference of differences) {
    if (difference === null) continue;
    if (charge.keyGiven) throw conflict(record, charge, difference, answer);
    // No earlier charge can have used a key that was just generated, so this record is the charge.
    warnings.push(`The record ${record.id} has ${difference}`);
  }
  if (price.currencyCode !== charge.price.currencyCode) {
    warnings.push(
      `The record ${record.id} has a price in ${price.currencyCode}, not in ${charge.price.currencyCode}`,
    );
  }
  if (key === null || key === undefined) {
    warnings.push(
      `The record ${record.id} has no idempotency key, though ${JSON.stringify(charge.idempotencyKey)} was sent: a repeated call may charge again`,
    );
  }
  const seen = context.seenRecords.note(record);
  if (seen !== null) {
    warnings.push(twoRecords(charge.idempotencyKey, seen, record.id));
  }
  return warnings;
}

/** Reports warnings to the listener, and returns them. */
export function warn<Api extends AdminApi>(
  { onEvent }: BillingContext<Api>,
  { id: usageRecordId }: UsageRecordShape,
  idempotencyKey: string,
  warnings: readonly Warning[],
): readonly Warning[] {
  for (const warning of warnings) {
    emit(onEvent, { type: "warning", idempotencyKey, usageRecordId, warning });
  }
  return warnings;
}

/**
 * Collects what came beside a record: user errors, GraphQL errors, and differences in the record
 * itself.
 */
export function warningsOf(
  userErrors: readonly UserError[],
  failure: UsageBillingError | null,
  problems: readonly string[],
): readonly Warning[] {
  return [
    ...userErrors.map(({ message }): Warning => ({ source: "userErrors", message })),
    ...(failure ? [{ source: "errors", message: failure.message } as const] : []),
    ...problems.map((message): Warning => ({ source: "usageRecord", message })),
  ];
}
