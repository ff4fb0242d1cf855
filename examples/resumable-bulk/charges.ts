import type { BulkUsageRecordInput } from "shopify-usage-billing/2026-10";
import { linesOf } from "./lines.js";

/** Is this a charge? Its price and description are the client's to check, and Shopify's. */
function isCharge(value: unknown): value is BulkUsageRecordInput {
  return (
    typeof value === "object" &&
    value !== null &&
    "idempotencyKey" in value &&
    typeof value.idempotencyKey === "string" &&
    "description" in value &&
    "price" in value
  );
}

/**
 * The charges of a file, one JSON object a line.
 *
 * @throws Error at a line that is not a charge: stopping is better than skipping it unnoticed
 */
export async function* chargesOf(
  file: string,
): AsyncGenerator<BulkUsageRecordInput, void, undefined> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const charge: unknown = JSON.parse(line);
    if (!isCharge(charge)) throw new Error(`Line ${number} of ${file} is not a charge: ${line}`);
    yield charge;
  }
}
