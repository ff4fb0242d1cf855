import type { AdminApi, BillingContext } from "../admin-api.js";
import { query, readAnswer } from "../execute.js";
import { checkDate, checkFields, checkId, checkText, type CallOptions } from "../input.js";
import { isUsageRecord, malformed, usageRecordProblem } from "../shape.js";
import { twoRecords, warn } from "./charged-record.js";
import { usageRecords } from "./usage-records.js";

/** Reads the usage record with an id; `null` if the shop has none. */
export async function usageRecord<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  id: string,
  options: CallOptions = {},
): Promise<Api["UsageRecord"] | null> {
  const variables = { id: checkId("id", id, "AppUsageRecord") };
  const answer = await query(transport, documents.UsageRecordDocument, variables, options);
  return readAnswer(answer, ({ node }) => {
    if (isUsageRecord<Api["UsageRecord"]>(node)) return node;
    // A node of another type has none of the requested fields.
    if (node === null || !("id" in node)) return null;
    throw malformed("The usage record", usageRecordProblem(node) ?? "");
  });
}

/** Which usage record to look for. */
export interface FindUsageRecordInput {
  /** The key that the charge was sent with. */
  readonly idempotencyKey: string;
  /**
   * Where to stop reading: a time certainly before the charge was first sent.
   *
   * @remarks
   * Subtract a few minutes, because the clocks of two servers differ.
   */
  readonly createdAfter: Date | string;
  /** The line item that was charged. If absent, the active subscription's. */
  readonly subscriptionLineItemId?: string | undefined;
}

/**
 * Finds the usage record with an idempotency key; `null` if there is none.
 *
 * @remarks
 * Reads newest first, down to `createdAfter`. If two records have the key, it returns the older one
 * and reports both in a `warning` event.
 */
export async function findUsageRecord<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: FindUsageRecordInput,
  options: CallOptions = {},
): Promise<Api["UsageRecord"] | null> {
  const fields = ["idempotencyKey", "createdAfter", "subscriptionLineItemId"];
  const { subscriptionLineItemId, ...given } = checkFields("input", input, fields);
  const idempotencyKey = checkText("idempotencyKey", given.idempotencyKey, "event-1234");
  const createdAfter = checkDate("createdAfter", given.createdAfter).getTime();
  const newestFirst = usageRecords(context, { subscriptionLineItemId, reverse: true }, options);
  let found: Api["UsageRecord"] | null = null;
  for await (const record of newestFirst) {
    if (Date.parse(record.createdAt) < createdAfter) break;
    if (record.idempotencyKey !== idempotencyKey) continue;
    if (found) {
      const message = twoRecords(idempotencyKey, record.id, found.id);
      warn(context, record, idempotencyKey, [{ source: "usageRecord", message }]);
    }
    found = record;
  }
  return found;
}
