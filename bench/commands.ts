/** What the benchmark's processes tell each other: numbers by name. */
export type Numbers = Readonly<Record<string, number>>;

/** Answers one command. */
export type Command = (input: Numbers) => Numbers | Promise<Numbers>;

/** What goes to a process. */
export interface Asked {
  readonly command: string;
  readonly input: Numbers;
}

/** What comes back: numbers, or why there are none. */
export type Answered = { readonly numbers: Numbers } | { readonly error: string };

function isAsked(message: unknown): message is Asked {
  return typeof message === "object" && message !== null && "command" in message;
}

/** In a process of the benchmark: answers the commands of the process that started it. */
export function answerCommands(commands: Readonly<Record<string, Command>>): void {
  const tell = (answer: Answered): void => {
    process.send?.(answer);
  };
  const answer = async (message: unknown): Promise<void> => {
    try {
      if (!isAsked(message)) throw new TypeError("That is no command");
      const command = commands[message.command];
      if (!command) throw new TypeError(`There is no command ${message.command}`);
      tell({ numbers: await command(message.input) });
    } catch (error) {
      tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  process.on("message", (message) => void answer(message));
  process.once("disconnect", () => process.exit());
  tell({ numbers: {} });
}
