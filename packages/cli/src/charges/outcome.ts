import {
  AccessDeniedError,
  AuthenticationError,
  type BulkOutcome,
  InvalidInputError,
  type Money,
  NoActiveUsageLineItemError,
  ShopUnavailableError,
  UsageBillingError,
} from "shopify-usage-billing";
import type { RowInput } from "./charge-row.js";
import { exitCodeOfCall, exitCodes } from "../failure/exit-code.js";

/**
 * What became of a row.
 *
 * - `charged`: the merchant is charged, by this run or by an earlier one with the same key
 * - `refused`: Shopify refused, or the row can never be charged as it is; surely not charged
 * - `failed`: surely not charged, and trying again later may help
 * - `unknown`: may have been charged: run again with the same key
 * - `invalid`: something is wrong with the row; it was not sent
 */
export type OutcomeKind = "charged" | "refused" | "failed" | "unknown" | "invalid";

/** A line of the results: one row of the file, and what became of it. */
export interface Outcome {
  /** The row's line in the file, 1 for the first. */
  readonly line: number;
  readonly idempotencyKey: string | null;
  readonly outcome: OutcomeKind;
  /** The usage record's id. */
  readonly usageRecordId?: string;
  readonly createdAt?: string;
  /** What was charged, as Shopify prints it; where nothing was, what was asked for. */
  readonly amount?: string;
  readonly currencyCode?: string;
  /** A user error's code, or an error's name. */
  readonly code?: string;
  readonly message?: string;
  /** Is the subscription a test one, whose charges are never billed? Null where it was not looked up. */
  readonly test?: boolean | null;
  readonly attempts?: number | null;
  readonly requestId?: string | null;
}

/** Reads what became of a charge. */
export function outcomeOf(line: number, { input, result, error }: BulkOutcome<RowInput>): Outcome {
  const { idempotencyKey } = input;
  const asked: Money = {
    amount: String(input.price.amount),
    currencyCode: input.price.currencyCode,
  };
  if (!result) return { line, idempotencyKey, ...failed(error), ...asked };
  const { test, attempts, requestId } = result.meta;
  if (result.ok) {
    const { id: usageRecordId, createdAt, price } = result.usageRecord;
    const { amount, currencyCode } = price;
    const charged = { usageRecordId, createdAt, amount, currencyCode };
    const facts = { test, attempts, requestId };
    return { line, idempotencyKey, outcome: "charged", ...charged, ...facts };
  }
  const { code, message } = result.userErrors[0];
  const outcome = result.certainty === "unknown" ? "unknown" : "refused";
  return { line, idempotencyKey, outcome, ...asked, code, message, test, attempts, requestId };
}

function failed(error: unknown): Omit<Outcome, "line" | "idempotencyKey"> {
  // Nobody foresaw it, so nobody knows how far the charge came.
  if (!(error instanceof UsageBillingError)) {
    return { outcome: "unknown", code: "Error", message: String(error) };
  }
  const { name: code, message, attempts, requestId } = error;
  return { outcome: kindOf(error), code, message, attempts, requestId };
}

function kindOf(error: UsageBillingError): OutcomeKind {
  if (error.certainty === "unknown") return "unknown";
  if (error instanceof InvalidInputError) return "invalid";
  return exitCodeOfCall(error) === exitCodes.later ? "failed" : "refused";
}

/** Would all rows behind this one meet the same? */
export function endsTheRun({ result, error }: BulkOutcome<RowInput>): boolean {
  if (result) {
    return !result.ok && result.userErrors.some(({ code }) => code === "BILLING_NOT_ALLOWED");
  }
  return (
    error instanceof AuthenticationError ||
    error instanceof AccessDeniedError ||
    error instanceof ShopUnavailableError ||
    error instanceof NoActiveUsageLineItemError
  );
}
