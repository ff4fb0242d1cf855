import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { balanceCommand } from "./commands/balance.js";
import { chargeCommand } from "./commands/charge.js";
import { chargeFileCommand } from "./commands/charge-file.js";
import { ledgerCommand } from "./commands/ledger/ledger.js";
import { listCommand } from "./commands/list.js";
import { raiseCapCommand } from "./commands/raise-cap.js";
import { simulateCommand } from "./commands/simulate.js";
import { subscriptionsCommand } from "./commands/subscriptions.js";
import { versionsCommand } from "./commands/versions.js";
import type { CommandContext } from "./command-context.js";
import { examples } from "./examples.js";
import { COMMAND } from "./command-name.js";
import { EXIT_CODES_HELP, exitCodes, type ExitCode } from "./failure/exit-code.js";
import { withoutValues } from "./failure/without-values.js";

/** Creates the command line. */
export function createProgram(context: CommandContext, version: string): Command {
  const { out, err } = context.terminal;
  const program = new Command(COMMAND)
    .description("Charge Shopify merchants for usage, exactly once, and simulate the Admin API.")
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show a command's help")
    .option("--no-color", "no colours; NO_COLOR and pipes turn them off, too")
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      outputError: (text, write) => {
        const message = withoutValues(text).replace(/^error:\s*/i, "");
        // One instruction: what was meant or expected, if that is known.
        const help = /Did you mean|is invalid/.test(message)
          ? ""
          : "Run it with --help to see its options.\n";
        write(`${err.colors.red("Error:")} ${message}${help}`);
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
    .exitOverride()
    .addHelpText(
      "after",
      examples(
        ["try everything without a shop", "simulate"],
        ["see what is left of the cap", "balance --shop example.myshopify.com"],
        ["charge a month's usage", "charge-file usage.csv --results results.jsonl"],
      ) + EXIT_CODES_HELP,
    );

  const commands: readonly CommandUnknownOpts[] = [
    chargeCommand(context),
    chargeFileCommand(context),
    listCommand(context),
    balanceCommand(context),
    subscriptionsCommand(context),
    raiseCapCommand(context),
    versionsCommand(context),
    ledgerCommand(context),
    simulateCommand(context),
  ];
  for (const command of commands) {
    program.addCommand(command);
    inherit(command, program);
  }
  return program;
}

/** Passes the program's output, help and exit settings to a command and its subcommands. */
function inherit(command: CommandUnknownOpts, parent: CommandUnknownOpts): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}

/** Runs the command line. @returns the exit code if it was invalid or only asked for help; otherwise `null` */
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
