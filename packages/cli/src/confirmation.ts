import { createInterface } from "node:readline/promises";
import { CommandFailedError } from "./failure/command-failed-error.js";
import { CommandLineError } from "./failure/command-line-error.js";
import { exitCodes } from "./failure/exit-code.js";
import type { Terminal } from "./output/terminal.js";

/**
 * Asks before a merchant is really billed.
 *
 * @param what - the question without its answers: `Charge 1.00 USD?`
 * @throws CommandLineError where nobody can be asked; CommandFailedError where the answer is no
 */
export async function confirm(what: string, terminal: Terminal): Promise<void> {
  if (!terminal.isInteractive) {
    throw new CommandLineError(
      "This would bill a merchant, and nobody can be asked",
      "Give --yes to charge without being asked. Nothing was charged.",
    );
  }
  const { stdin, err } = terminal;
  const lines = createInterface({ input: stdin, output: err.stream, terminal: true });
  // At a terminal that is being asked, Ctrl-C comes as a key, not as a signal.
  const controller = new AbortController();
  lines.on("SIGINT", () => controller.abort());
  lines.on("close", () => controller.abort());
  let answer: string;
  try {
    answer = await lines.question(`${what} [y/N] `, { signal: controller.signal });
  } catch {
    await err.line();
    throw new CommandFailedError("Interrupted. Nothing was charged", exitCodes.interrupted);
  } finally {
    lines.close();
  }
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new CommandFailedError("Not confirmed. Nothing was charged", exitCodes.refused);
}
