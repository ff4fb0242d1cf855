import password from "@inquirer/password";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { exitCodes } from "../failure/exit-code.js";
import type { Terminal } from "../output/terminal.js";
import { asking, PLAIN } from "./asking.js";

/** Asks for a line that is not shown while it is typed. Needs an interactive terminal. */
export async function askHidden(
  question: string,
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<string> {
  const theme = { ...PLAIN, style: { ...PLAIN.style, maskedText: "" } };
  const message = terminal.err.safe(question);
  const typed = await asking(terminal, stopped, (context) =>
    password({ message, mask: false, toggleMask: false, theme }, context),
  );
  if (typed !== null) return typed;
  throw new CommandFailedError("Interrupted", exitCodes.interrupted);
}
