/** What the benchmark's processes send each other: numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** Runs one command. */
export type Command = (input: Numbers) => Numbers | Promise<Numbers>;

/** A message to a process. */
export interface Asked {
  readonly command: string;
  readonly input: Numbers;
}

/** A message from a process: numbers, or an error. */
export type Answered = { readonly numbers: Numbers } | { readonly error: string };

function isAsked(message: unknown): message is Asked {
  return typeof message === "object" && message !== null && "command" in message;
}

/** Runs the commands that a process of the benchmark receives from its parent. */
export function answerCommands(commands: Readonly<Record<string, Command>>): void {
  const tell = (answer: Answered): void => {
    process.send?.(answer);
  };
  const answer = async (message: unknown): Promise<void> => {
    try {
      if (!isAsked(message)) throw new TypeError("The message is not a command");
      const command = commands[message.command];
      if (!command) throw new TypeError(`Unknown command ${message.command}`);
      tell({ numbers: await command(message.input) });
    } catch (error) {
      tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on("message", (message) => void answer(message));
  process.once("disconnect", () => process.exit());
  tell({ numbers: {} });
}
