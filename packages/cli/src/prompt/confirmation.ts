import confirmPrompt from "@inquirer/confirm";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { exitCodes } from "../failure/exit-code.js";
import type { Terminal } from "../output/terminal.js";
import { asking, PLAIN } from "./asking.js";

/**
 * Asks before a merchant is billed for real.
 *
 * @param question - such as `Charge 1.00 USD?`
 * @throws CommandLineError if there is no terminal
 * @throws CommandFailedError if the answer is no
 */
export async function confirm(
  question: string,
  terminal: Terminal,
  stopped: AbortSignal,
): Promise<void> {
  if (!terminal.isInteractive) {
    throw new CommandLineError(
      "This would bill a merchant, and there is no terminal to confirm it. Nothing was charged",
      "Give --yes to charge without confirmation.",
    );
  }
  const theme = {
    ...PLAIN,
    style: { ...PLAIN.style, defaultAnswer: (hint: string) => `[${hint}]` },
  };
  const message = terminal.err.safe(question);
  const answer = await asking(terminal, stopped, (context) =>
    confirmPrompt({ message, default: false, theme }, context),
  );
  if (answer === true) return;
  throw answer === null
    ? new CommandFailedError("Interrupted. Nothing was charged", exitCodes.interrupted)
    : new CommandFailedError("Not confirmed. Nothing was charged", exitCodes.refused);
}
