import {
  AccessDeniedError,
  AuthenticationError,
  type BulkOutcome,
  type Money,
  NoActiveUsageLineItemError,
  ShopUnavailableError,
  UsageBillingError,
} from "shopify-usage-billing";
import type { RowInput } from "./charge-row.js";
import { exitCodeOf, exitCodeOfError, exitCodes, type ExitCode } from "../failure/exit-code.js";

/**
 * The outcome of a row.
 *
 * - `charged`: the merchant was charged, by this run or by an earlier one with the same key
 * - `refused`: not charged, and running it again unchanged cannot help
 * - `failed`: not charged; run it again
 * - `unknown`: may have been charged; run it again with the same key
 * - `unsettled`: may have been charged, and running it again cannot settle it
 * - `conflict`: the key belongs to another charge
 * - `invalid`: something is wrong with the row; it was not sent
 */
export type OutcomeKind =
  "charged" | "refused" | "failed" | "unknown" | "unsettled" | "conflict" | "invalid";

/** A line of the results: a row of the file and its outcome. */
export interface Outcome {
  /** The row's line in the file, 1 for the first. */
  readonly line: number;
  readonly idempotencyKey: string | null;
  readonly outcome: OutcomeKind;
  /** The usage record's id. */
  readonly usageRecordId?: string;
  readonly createdAt?: string;
  /** The price charged, as Shopify formats it. If nothing was charged, the price requested. */
  readonly amount?: string;
  readonly currencyCode?: string;
  /** A user error's code, or an error's name. */
  readonly code?: string;
  readonly message?: string;
  /** Whether the subscription is a test one, whose charges are never billed. `null` if it was not looked up. */
  readonly test?: boolean | null;
  /** How the record differs from the request. */
  readonly warnings?: readonly string[];
  readonly attempts?: number | null;
  readonly requestId?: string | null;
}

/** Returns the outcome of a charge. */
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
    const warnings = result.meta.warnings
      .filter(({ source }) => source === "usageRecord")
      .map(({ message }) => message);
    const facts = { test, ...(warnings.length > 0 && { warnings }), attempts, requestId };
    return { line, idempotencyKey, outcome: "charged", ...charged, ...facts };
  }
  const { code, message } = result.userErrors[0];
  const outcome = kindOf(exitCodeOf(result));
  return { line, idempotencyKey, outcome, ...asked, code, message, test, attempts, requestId };
}

function failed(error: unknown): Omit<Outcome, "line" | "idempotencyKey"> {
  // An unexpected error: the charge may have been made.
  if (!(error instanceof UsageBillingError)) {
    return { outcome: "unknown", code: "Error", message: String(error) };
  }
  const { name: code, message, attempts, requestId } = error;
  return { outcome: kindOf(exitCodeOfError(error)), code, message, attempts, requestId };
}

function kindOf(code: ExitCode): OutcomeKind {
  switch (code) {
    case exitCodes.usage:
      return "invalid";
    case exitCodes.unknown:
      return "unknown";
    case exitCodes.unsettled:
      return "unsettled";
    case exitCodes.conflict:
      return "conflict";
    case exitCodes.later:
    case exitCodes.interrupted:
      return "failed";
    default:
      return "refused";
  }
}

/** Whether all later rows would end the same way. */
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
