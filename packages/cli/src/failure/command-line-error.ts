/** The command line, the environment or a file is wrong; nothing was sent. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError" as const;
  /** What to do, line by line. */
  readonly advice: readonly string[];

  constructor(message: string, ...advice: string[]) {
    super(message);
    this.advice = advice;
  }
}

/** Returns the value of a required option. @throws CommandLineError if it was not given */
export function required(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  // Not commander's requiredOption: it would complain before it notices a misspelt option.
  throw new CommandLineError(`${option} is missing`, "Run it with --help to see its options.");
}
