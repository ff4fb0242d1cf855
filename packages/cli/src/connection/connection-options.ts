import { InvalidArgumentError, type Command, type OptionValues } from "@commander-js/extra-typings";
import { VARIABLES } from "./settings.js";

/** How a command reaches a shop. */
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

/** Reads a number that an option takes. */
export function numberOption(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) {
    throw new InvalidArgumentError("Give a number.");
  }
  return number;
}

/** Reads a whole number that an option takes, zero or more. */
export function countOption(text: string): number {
  const number = numberOption(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError("Give a whole number.");
}

/** Reads seconds above zero, as milliseconds. */
function secondsOption(text: string): number {
  const milliseconds = numberOption(text) * 1000;
  if (milliseconds >= 1) return milliseconds;
  throw new InvalidArgumentError("Give seconds, such as 10 or 0.5.");
}

/** Adds what every command takes that calls the Admin API. */
export function withConnection<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return (
    command
      .optionsGroup("Connection:")
      .option("--shop <domain>", `the shop, such as example.myshopify.com [${VARIABLES.shop}]`)
      .option("--access-token-stdin", "read the access token from standard input")
      .option("--access-token <token>", `the access token; better in ${VARIABLES.accessToken}`)
      // Not --env-file: Node.js 20 takes that one for itself, wherever it stands.
      .option("--dotenv <file>", "read the environment variables from this file [./.env]")
      .option(
        "--api-version <version>",
        `the Admin API version; by default the newest one released [${VARIABLES.apiVersion}]`,
      )
      .option(
        "--endpoint <url>",
        `call this instead of the shop: the simulator, or a proxy [${VARIABLES.endpoint}]`,
      )
      .option(
        "--attempts <number>",
        "send a request so many times at most (default: 5)",
        countOption,
      )
      .option("--timeout <seconds>", "wait so long for one answer (default: 10)", secondsOption)
      .optionsGroup("Output:")
      .option("--json", "write JSON to standard output")
      .option("--debug", "show requests, retries and the inside of errors; never the token")
  );
}
