import { text } from "node:stream/consumers";
import { CommandLineError } from "../failure/command-line-error.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";
import { askHidden } from "../prompt/hidden-line.js";
import { VARIABLES, type Setting, type Settings } from "./settings.js";

/** The ways to give the access token on the command line. */
export interface AccessTokenOptions {
  readonly accessToken?: string | undefined;
  readonly accessTokenStdin?: boolean | undefined;
}

/**
 * Finds the access token, or asks for it if there is a terminal. No output ever shows it.
 *
 * @throws CommandLineError if there is none
 */
export async function findAccessToken(
  settings: Settings,
  { accessToken, accessTokenStdin = false }: AccessTokenOptions,
  shop: string,
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<Setting> {
  const setting = await find(settings, accessToken, accessTokenStdin, shop, terminal, stopped);
  terminal.hide(setting.value);
  if (setting.source === "option") {
    await terminal.warn(
      "--access-token ends up in the shell's history and in the list of processes. " +
        `Use ${VARIABLES.accessToken}, a .env file or --access-token-stdin instead.`,
    );
  }
  return setting;
}

async function find(
  settings: Settings,
  option: string | undefined,
  fromStdin: boolean,
  shop: string,
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<Setting> {
  const question = `Access token for ${printable(shop)} (hidden):`;
  if (fromStdin) {
    const typed = terminal.isInteractive
      ? await askHidden(question, terminal, stopped)
      : await text(terminal.stdin);
    if (typed.trim() !== "") return { value: typed.trim(), source: "typed" };
    throw new CommandLineError("--access-token-stdin was given, but standard input is empty");
  }
  const setting = settings.find("accessToken", option);
  if (setting) return setting;
  if (terminal.isInteractive) {
    const typed = (await askHidden(question, terminal, stopped)).trim();
    if (typed !== "") return { value: typed, source: "typed" };
  }
  throw new CommandLineError(
    "The access token is missing",
    `Set ${VARIABLES.accessToken} in the environment or a .env file, or pipe the token to --access-token-stdin.`,
  );
}
