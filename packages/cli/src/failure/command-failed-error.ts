import type { ExitCode } from "./exit-code.js";

/** The command failed for a known reason. */
export class CommandFailedError extends Error {
  override readonly name = "CommandFailedError" as const;
  readonly exitCode: ExitCode;
  /** What to do, line by line. */
  readonly advice: readonly string[];

  constructor(message: string, exitCode: ExitCode, ...advice: string[]) {
    super(message);
    this.exitCode = exitCode;
    this.advice = advice;
  }
}
