import type { Writable } from "node:stream";
import pc from "picocolors";

/** Functions that colour text, or leave it as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/** A stream of the process: a terminal, a pipe or a file. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The reader of standard output went away, as `head` does. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError" as const;
}

function wantsColors(stream: OutputStream, { environment, colors }: OutputOptions): boolean {
  if (!colors || environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

/** How an output is used. */
export interface OutputOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** May it be coloured at all? */
  readonly colors: boolean;
  /** Removes secrets from all that is written. */
  readonly redact: (text: string) => string;
  /** Does it not matter whether anybody reads? */
  readonly optional: boolean;
}

/** Standard output, standard error or a file, with what it can show. */
export class Output {
  readonly stream: OutputStream;
  readonly colors: Colors;
  /** Is somebody looking at it? */
  readonly isTerminal: boolean;
  readonly #options: OutputOptions;
  #closed = false;

  constructor(stream: OutputStream, options: OutputOptions) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.colors = pc.createColors(wantsColors(stream, options));
    this.#options = options;
    stream.on("error", () => {
      this.#closed = true;
    });
  }

  /** The width of the terminal in characters; null where the output is none. */
  get columns(): number | null {
    return this.isTerminal ? (this.stream.columns ?? 80) : null;
  }

  /** Writes, and resolves once the text is on its way. @throws OutputClosedError where nobody reads any more */
  write(text: string): Promise<void> {
    const { optional, redact } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (cause: unknown): void => {
        if (optional) resolve();
        else reject(new OutputClosedError("The output is closed", { cause }));
      };
      if (this.#closed) {
        settle(undefined);
        return;
      }
      this.stream.write(redact(text), (error) => {
        if (error) settle(error);
        else resolve();
      });
    });
  }

  /** Writes a line. */
  line(text = ""): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Writes a value as one line of JSON. */
  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value));
  }
}
