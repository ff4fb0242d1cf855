import {
  AbortedError,
  type Certainty,
  IdempotencyConflictError,
  InvalidInputError,
  type UsageBillingError,
} from "shopify-usage-billing";

/** The exit codes, for scripts that call the command. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  unknown: 3,
  later: 4,
  conflict: 5,
  unsettled: 6,
  differs: 7,
  /** `EX_SOFTWARE` of BSD's sysexits. */
  defect: 70,
  /** What shells report for SIGINT. */
  interrupted: 130,
  /** What shells report for SIGPIPE. */
  unread: 141,
  /** What shells report for SIGTERM. */
  terminated: 143,
} as const;

/** An exit code. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The meaning of each exit code, as the help shows it. */
const MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "done",
  1: "nothing was charged, and running it again unchanged cannot help",
  2: "the command line or the input is invalid; nothing was charged",
  3: "the merchant may have been charged: run it again with the same key",
  4: "nothing was charged: run it again later",
  5: "the key belongs to another charge",
  6: "the merchant may have been charged, and running it again cannot settle it",
  7: "charged, but the record differs from the request",
  70: "a bug in usage-billing; the merchant may have been charged",
  130: "stopped by Ctrl-C; the calls that it stopped charged nothing",
  141: "the reader of the output is gone",
  143: "stopped by SIGTERM or SIGHUP, like 130",
};

/** The exit codes for the help. */
export const EXIT_CODES_HELP = [
  "",
  "",
  "Exit codes:",
  ...Object.entries(MEANINGS).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
].join("\n");

/** Returns the exit code of a call that may or may not have charged. */
export function exitCodeOf({
  certainty,
  retryable,
}: {
  readonly certainty: Certainty;
  readonly retryable: boolean;
}): ExitCode {
  if (certainty === "unknown") return retryable ? exitCodes.unknown : exitCodes.unsettled;
  return retryable ? exitCodes.later : exitCodes.refused;
}

/** Returns the exit code of a call that failed. */
export function exitCodeOfError(error: UsageBillingError): ExitCode {
  if (error instanceof IdempotencyConflictError) return exitCodes.conflict;
  if (error.certainty === "notApplied") {
    if (error instanceof InvalidInputError) return exitCodes.usage;
    if (error instanceof AbortedError) return exitCodes.interrupted;
  }
  return exitCodeOf(error);
}
