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

function wantsColors(
  stream: OutputStream,
  environment: NodeJS.ProcessEnv,
  allowed: boolean,
): boolean {
  if (!allowed || environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

/** Standard output or standard error, with what it can show. */
export class Output {
  readonly stream: OutputStream;
  readonly colors: Colors;
  /** Is somebody looking at it? */
  readonly isTerminal: boolean;
  /** Removes secrets from all that is written. */
  readonly #redact: (text: string) => string;
  #closed = false;

  constructor(
    stream: OutputStream,
    environment: NodeJS.ProcessEnv,
    colorsAllowed: boolean,
    redact: (text: string) => string,
  ) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.colors = pc.createColors(wantsColors(stream, environment, colorsAllowed));
    this.#redact = redact;
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
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new OutputClosedError("The output is closed"));
        return;
      }
      this.stream.write(this.#redact(text), (error) => {
        if (error) reject(new OutputClosedError("The output is closed", { cause: error }));
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
