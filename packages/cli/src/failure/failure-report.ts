import { inspect } from "node:util";
import {
  IdempotencyConflictError,
  InvalidInputError,
  UsageBillingError,
} from "shopify-usage-billing";
import { SimulatorUsageError } from "shopify-usage-billing/testing";
import { OutputClosedError, OutputFailedError } from "../output/output.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";
import { verdictOn } from "./advice.js";
import { CommandFailedError } from "./command-failed-error.js";
import { CommandLineError } from "./command-line-error.js";
import { exitCodeOfError, exitCodes, type ExitCode } from "./exit-code.js";
import { withoutTokens } from "./without-values.js";

/** The options that affect how failures are reported. */
export interface FailureOptions {
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** Returns a failure as `--json` prints it. */
function failureFacts(error: Error): Readonly<Record<string, unknown>> {
  const { name } = error;
  const message = withoutTokens(error.message);
  if (!(error instanceof UsageBillingError)) return { name, message };
  const { certainty, retryable, retryAfter, idempotencyKey, attempts, requestId, status } = error;
  const call = { certainty, retryable, retryAfter, idempotencyKey, attempts, requestId, status };
  const facts = { name, message, ...call };
  if (error instanceof IdempotencyConflictError) {
    return { ...facts, usageRecord: error.usageRecord };
  }
  return error instanceof InvalidInputError ? { ...facts, field: error.field } : facts;
}

/** The command line's names for the client's options. */
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
  price: "--amount",
  "cappedAmount.amount": "--amount",
  "cappedAmount.currencyCode": "--currency",
  cappedAmount: "--amount",
};

/** Replaces the field's name in a message with the option's. */
function messageOf(error: Error): string {
  const { message } = error;
  if (!(error instanceof InvalidInputError)) return message;
  const option = OPTIONS[error.field];
  return option !== undefined && message.startsWith(error.field)
    ? option + message.slice(error.field.length)
    : message;
}

const REPORT_BUG = [
  "This is a bug in usage-billing. Please report it with the output of --debug:",
  "https://github.com/shopify-usage-billing/shopify-usage-billing/issues",
];

function adviceFor(error: Error): readonly string[] {
  if (error instanceof CommandLineError || error instanceof CommandFailedError) return error.advice;
  const isExplained = error instanceof SimulatorUsageError || error instanceof OutputFailedError;
  return isExplained ? [] : REPORT_BUG;
}

function exitCodeFor(error: Error): ExitCode {
  if (error instanceof UsageBillingError) return exitCodeOfError(error);
  if (error instanceof CommandFailedError) return error.exitCode;
  if (error instanceof OutputFailedError) return exitCodes.refused;
  const wrongUse = error instanceof CommandLineError || error instanceof SimulatorUsageError;
  return wrongUse ? exitCodes.usage : exitCodes.defect;
}

/** Reports a failure and what to do about it, and returns the exit code. */
export async function reportFailure(
  thrown: unknown,
  { out, err }: Terminal,
  { json = false, debug = false }: FailureOptions,
): Promise<ExitCode> {
  // The reader, such as `head`, has seen enough.
  if (thrown instanceof OutputClosedError) return exitCodes.unread;
  const failure = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { colors } = err;
  if (json) await out.json({ ok: false, error: failureFacts(failure) }).catch(() => undefined);

  const lines = [`${colors.red("Error:")} ${printable(messageOf(failure))}`];
  if (failure instanceof UsageBillingError) {
    const { certainty, instruction } = verdictOn(failure);
    const said = [certainty, instruction].filter((text) => text !== null).join(" ");
    if (said !== "") lines.push(failure.certainty === "unknown" ? colors.yellow(said) : said);
    if (failure.requestId !== null) {
      lines.push(colors.dim(`Request id: ${printable(failure.requestId)}`));
    }
  } else {
    lines.push(...adviceFor(failure));
  }
  if (debug) lines.push(colors.dim(inspect(failure, { depth: 5 })));
  await err.line(lines.join("\n"));
  return exitCodeFor(failure);
}
