import { text } from "node:stream/consumers";
import { CommandLineError } from "../failure/command-line-error.js";
import type { Terminal } from "../output/terminal.js";
import { askHidden } from "./hidden-line.js";
import { VARIABLES, type Setting, type Settings } from "./settings.js";

/** How the access token may be given on the command line. */
export interface AccessTokenOptions {
  readonly accessToken?: string | undefined;
  readonly accessTokenStdin?: boolean | undefined;
}

/** Finds the access token, asks for it at a terminal, or tells how to give it. It is shown nowhere. */
export async function findAccessToken(
  settings: Settings,
  { accessToken, accessTokenStdin = false }: AccessTokenOptions,
  shop: string,
  terminal: Terminal,
): Promise<Setting> {
  const setting = await find(settings, accessToken, accessTokenStdin, shop, terminal);
  terminal.hide(setting.value);
  if (setting.source === "option") {
    await terminal.warn(
      `--access-token lands in the shell's history and in the list of processes. ` +
        `Better: ${VARIABLES.accessToken}, a .env file, or --access-token-stdin.`,
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
): Promise<Setting> {
  const question = `Access token for ${shop} (it is not shown): `;
  if (fromStdin) {
    const typed = terminal.isInteractive
      ? await askHidden(terminal, question)
      : await text(terminal.stdin);
    if (typed.trim() !== "") return { value: typed.trim(), source: "typed" };
    throw new CommandLineError("--access-token-stdin: standard input is empty");
  }
  const setting = settings.find("accessToken", option);
  if (setting) return setting;
  if (terminal.isInteractive) {
    const typed = (await askHidden(terminal, question)).trim();
    if (typed !== "") return { value: typed, source: "typed" };
  }
  throw new CommandLineError(
    "No access token",
    `Set ${VARIABLES.accessToken} in the environment or in a .env file, or pipe the token to --access-token-stdin.`,
  );
}
