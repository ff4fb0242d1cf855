import {
  AbortedError,
  InvalidInputError,
  NetworkError,
  ServerError,
  ThrottledError,
  TimeoutError,
  type UsageBillingError,
} from "shopify-usage-billing";

/** What the process tells the script that called it. */
export const exitCodes = {
  /** Done. */
  ok: 0,
  /** Refused, and trying again changes nothing; surely nothing was charged. */
  refused: 1,
  /** The command line or the input is wrong; nothing was sent. */
  usage: 2,
  /** The merchant may have been charged: call again with the same key. */
  unknown: 3,
  /** Surely nothing was charged, and trying again later may help. */
  later: 4,
  /** A defect of this program. */
  defect: 70,
  /** Ended by Ctrl-C; what shells give for SIGINT. */
  interrupted: 130,
  /** Nobody reads the output any more; what shells give for SIGPIPE. */
  unread: 141,
  /** What shells give for SIGTERM. */
  terminated: 143,
} as const;

/** An exit code. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code for a call that was not answered. */
export function exitCodeOfCall(error: UsageBillingError): ExitCode {
  if (error.certainty === "unknown") return exitCodes.unknown;
  if (error instanceof InvalidInputError) return exitCodes.usage;
  if (error instanceof AbortedError) return exitCodes.interrupted;
  return mayPass(error) ? exitCodes.later : exitCodes.refused;
}

/** Is this a failure that passes by itself? */
function mayPass(error: UsageBillingError): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof ThrottledError ||
    error instanceof ServerError
  );
}
