import { inspect } from "node:util";
import {
  AbortedError,
  IdempotencyConflictError,
  InvalidInputError,
  UsageBillingError,
} from "shopify-usage-billing";
import { SimulatorUsageError } from "shopify-usage-billing/testing";
import { OutputClosedError } from "../output/output.js";
import { printable } from "../output/printable.js";
import { shellWord } from "../output/shell-word.js";
import type { Terminal } from "../output/terminal.js";
import { adviceOn } from "./advice.js";
import { CommandFailedError } from "./command-failed-error.js";
import { CommandLineError } from "./command-line-error.js";
import { exitCodeOfCall, exitCodes, type ExitCode } from "./exit-code.js";

/** How a command was called, as far as failures are concerned. */
export interface FailureOptions {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** What is told of a failure by `--json`. */
export function failureFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  if (!(error instanceof UsageBillingError)) return { name, message };
  const { certainty, idempotencyKey, attempts, requestId, status } = error;
  const facts = { name, message, certainty, idempotencyKey, attempts, requestId, status };
  if (error instanceof IdempotencyConflictError) {
    return { ...facts, usageRecord: error.usageRecord };
  }
  return error instanceof InvalidInputError ? { ...facts, field: error.field } : facts;
}

/** The options of the command line, by the names that the client has for them. */
const OPTIONS: Readonly<Record<string, string>> = {
  shop: "--shop",
  accessToken: "The access token",
  endpoint: "--endpoint",
  timeout: "--timeout",
  concurrency: "--concurrency",
  pageSize: "--page-size",
  description: "--description",
  idempotencyKey: "--key",
  subscriptionLineItemId: "--line-item",
  subscriptionId: "--subscription",
  "retry.attempts": "--attempts",
  "price.amount": "--amount",
  "price.currencyCode": "--currency",
  "cappedAmount.amount": "--amount",
  "cappedAmount.currencyCode": "--currency",
};

/** The message for somebody who knows the options and not the fields. */
function messageOf(error: Error): string {
  if (!(error instanceof InvalidInputError)) return error.message;
  const option = OPTIONS[error.field];
  return option === undefined ? error.message : option + error.message.slice(error.field.length);
}

function adviceFor(error: Error): readonly string[] {
  if (error instanceof CommandLineError || error instanceof CommandFailedError) return error.advice;
  if (error instanceof UsageBillingError) return adviceOn(error);
  if (error instanceof SimulatorUsageError) return [];
  return [
    "This is a defect of usage-billing. Please report it with what --debug shows:",
    "https://github.com/shopify-usage-billing/shopify-usage-billing/issues",
  ];
}

/** What can be said of a charge whose call failed. */
function certaintyOf(error: UsageBillingError): string | null {
  const { certainty, idempotencyKey } = error;
  if (idempotencyKey === null) {
    return certainty === "unknown"
      ? "Whether Shopify did it is unknown; to ask again is safe."
      : null;
  }
  return certainty === "unknown"
    ? `The merchant may have been charged. Call again with --key ${shellWord(idempotencyKey)}: it charges only if nothing was charged.`
    : "Nothing was charged by this call.";
}

function exitCodeOf(error: Error): ExitCode {
  if (error instanceof UsageBillingError) return exitCodeOfCall(error);
  if (error instanceof CommandFailedError) return error.exitCode;
  const wrongUse = error instanceof CommandLineError || error instanceof SimulatorUsageError;
  return wrongUse ? exitCodes.usage : exitCodes.defect;
}

/** Tells what went wrong and what to do, and gives the exit code. */
export async function reportFailure(
  thrown: unknown,
  { out, err }: Terminal,
  { json = false, debug = false }: FailureOptions,
): Promise<ExitCode> {
  // Whoever reads has seen enough.
  if (thrown instanceof OutputClosedError) return exitCodes.unread;
  const failure = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { colors } = err;
  if (json) await out.json({ ok: false, error: failureFacts(failure) }).catch(() => undefined);

  const lines = [`${colors.red("Error:")} ${printable(messageOf(failure))}`];
  if (failure instanceof UsageBillingError) {
    const certainty = certaintyOf(failure);
    if (certainty !== null) {
      lines.push(failure.certainty === "unknown" ? colors.yellow(certainty) : certainty);
    }
    if (failure.requestId !== null) lines.push(colors.dim(`Request id: ${failure.requestId}`));
  }
  if (!(failure instanceof AbortedError)) lines.push(...adviceFor(failure));
  if (debug) lines.push(colors.dim(inspect(failure, { depth: 5 })));
  await err.line(lines.join("\n"));

  return exitCodeOf(failure);
}
