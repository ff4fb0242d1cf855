import { InvalidArgumentError, type Command, type OptionValues } from "@commander-js/extra-typings";
import { VARIABLES } from "./settings.js";

/** The options for reaching a shop. */
export interface ConnectionOptions {
  readonly shop?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly accessTokenStdin?: boolean | undefined;
  readonly dotenv?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly attempts?: number | undefined;
  readonly timeout?: number | undefined;
  readonly debug?: boolean | undefined;
}

/** Parses a number. */
export function numberOption(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    throw new InvalidArgumentError("Expected a number.");
  }
  return number;
}

/** Parses a whole number, zero or more. */
export function countOption(text: string): number {
  const number = numberOption(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError("Expected a whole number, zero or more.");
}

/** Parses a day or a time to milliseconds since 1970. */
export function timeOption(text: string): number {
  const time = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time)) {
    throw new InvalidArgumentError(
      "Expected a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.",
    );
  }
  return time;
}

/** Parses seconds, above zero, to milliseconds. */
function secondsOption(text: string): number {
  const milliseconds = numberOption(text) * 1000;
  if (milliseconds >= 1) return milliseconds;
  throw new InvalidArgumentError("Expected seconds, such as 10 or 0.5.");
}

/** Adds the options of every command that calls the Admin API. */
export function withConnection<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return (
    command
      .optionsGroup("Connection:")
      .option("--shop <domain>", `the shop, such as example.myshopify.com [${VARIABLES.shop}]`)
      .option("--access-token-stdin", "read the access token from standard input")
      .option("--access-token <token>", `the access token; safer in ${VARIABLES.accessToken}`)
      // Not --env-file: Node.js 20 takes it as its own option, wherever it is.
      .option("--dotenv <file>", "read these variables from a file (default: .env)")
      .option(
        "--api-version <version>",
        `the Admin API version (default: the newest released) [${VARIABLES.apiVersion}]`,
      )
      .option(
        "--endpoint <url>",
        `call the simulator or a proxy instead of the shop [${VARIABLES.endpoint}]`,
      )
      .option(
        "--attempts <number>",
        "send each request at most this many times (default: 5)",
        countOption,
      )
      .option(
        "--timeout <seconds>",
        "wait this long for each response (default: 10)",
        secondsOption,
      )
      .optionsGroup("Output:")
      .option("--json", "write JSON to standard output")
      .option("--debug", "show requests, retries and details of errors, never the token")
  );
}
