import type { FailureOptions } from "./failure/failure-report.js";
import type { ExitCode } from "./failure/exit-code.js";
import type { Interruption } from "./interruption.js";
import type { Terminal } from "./output/terminal.js";

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly interruption: Interruption;
  /** Runs a command, reports its errors, and sets the exit code. */
  readonly run: (options: FailureOptions, command: () => Promise<ExitCode>) => Promise<void>;
}
