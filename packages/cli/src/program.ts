import { Command, CommanderError } from "@commander-js/extra-typings";
import { balanceCommand } from "./commands/balance.js";
import { chargeCommand } from "./commands/charge.js";
import { chargeFileCommand } from "./commands/charge-file.js";
import { listCommand } from "./commands/list.js";
import { raiseCapCommand } from "./commands/raise-cap.js";
import { simulateCommand } from "./commands/simulate.js";
import { subscriptionsCommand } from "./commands/subscriptions.js";
import { versionsCommand } from "./commands/versions.js";
import type { CommandContext } from "./command-context.js";
import { examples } from "./examples.js";
import { exitCodes, type ExitCode } from "./failure/exit-code.js";
import { withoutValues } from "./failure/without-values.js";

const EXIT_CODES = `
Exit codes:
  0  done
  1  refused, and trying again changes nothing; nothing was charged
  2  the command line or the input is wrong; nothing was sent
  3  the merchant may have been charged: run again with the same key
  4  nothing was charged, and trying again later may help`;

/** The whole command line. */
export function createProgram(context: CommandContext, version: string): Command {
  const { out, err } = context.terminal;
  const program = new Command("usage-billing")
    .description("Charge Shopify merchants for usage, exactly once; and simulate the Admin API.")
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show a command's help")
    .option("--no-color", "no colours; neither where NO_COLOR is set, nor in a pipe")
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      outputError: (text, write) => {
        const message = withoutValues(text).replace(/^error:\s*/i, "");
        write(`${err.colors.red("Error:")} ${message}`);
      },
      getOutHelpWidth: () => out.columns ?? 80,
      getErrHelpWidth: () => err.columns ?? 80,
      getOutHasColors: () => out.colors.isColorSupported,
      getErrHasColors: () => err.colors.isColorSupported,
    })
    .configureHelp({
      styleTitle: (text) => out.colors.bold(text),
      styleCommandText: (text) => out.colors.cyan(text),
      styleSubcommandText: (text) => out.colors.cyan(text),
      styleOptionTerm: (text) => out.colors.cyan(text),
    })
    .showHelpAfterError("Run it with --help to see what it takes.")
    .exitOverride()
    .addHelpText(
      "after",
      examples(
        ["usage-billing simulate", "try everything here without a shop"],
        ["usage-billing balance --shop example.myshopify.com", "see what is left of the cap"],
        ["usage-billing charge-file usage.csv --results results.jsonl", "charge a month's usage"],
      ) + EXIT_CODES,
    );

  const commands = [
    chargeCommand(context),
    chargeFileCommand(context),
    listCommand(context),
    balanceCommand(context),
    subscriptionsCommand(context),
    raiseCapCommand(context),
    versionsCommand(context),
    simulateCommand(context),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/** Runs the command line; gives the exit code where it was not understood, or where it was only about help. */
export async function runProgram(
  program: Command,
  commandLine: readonly string[],
): Promise<ExitCode | null> {
  try {
    await program.parseAsync(commandLine, { from: "user" });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
}
