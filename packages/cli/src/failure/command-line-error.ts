/** The command line, the environment or a file was not as it must be; nothing was sent. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError" as const;
  /** What to do. */
  readonly advice: readonly string[];

  constructor(message: string, ...advice: string[]) {
    super(message);
    this.advice = advice;
  }
}
