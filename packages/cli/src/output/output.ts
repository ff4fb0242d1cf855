import type { Writable } from "node:stream";
import pc from "picocolors";
import { reasonOf } from "../failure/reason.js";
import { printableJson, withoutStrayControls } from "./printable.js";

/** Functions that colour text, or leave it as it is. */
export type Colors = ReturnType<typeof pc.createColors>;

/** A stream of the process: a terminal, a pipe or a file. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The reader closed the output, as `head` does. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError" as const;
}

/** The output cannot be written, for example because the disk is full. */
export class OutputFailedError extends Error {
  override readonly name = "OutputFailedError" as const;
}

function wantsColors(stream: OutputStream, { environment, colors }: OutputOptions): boolean {
  if (!colors || environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

/** Whether a failure to write means that the reader has gone. */
function isReaderGone(error: Error): boolean {
  return "code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
}

/** How an output is used. */
export interface OutputOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Whether it may have colours at all. */
  readonly colors: boolean;
  /** Removes secrets from all that is written. */
  readonly redact: (text: string) => string;
  /** Whether the command continues if the reader has gone. */
  readonly optional: boolean;
}

/** Standard output or standard error, and its capabilities. */
export class Output {
  readonly stream: OutputStream;
  readonly colors: Colors;
  readonly isTerminal: boolean;
  readonly #options: OutputOptions;
  #failure: Error | null = null;

  constructor(stream: OutputStream, options: OutputOptions) {
    this.stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.colors = pc.createColors(wantsColors(stream, options));
    this.#options = options;
    stream.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  /** The width of the terminal in characters. `null` if the output is not a terminal. */
  get columns(): number | null {
    return this.isTerminal ? (this.stream.columns ?? 80) : null;
  }

  /**
   * Writes text, and resolves once it has been passed on.
   *
   * @throws OutputClosedError if the reader has gone
   * @throws OutputFailedError if the text cannot be written for another reason
   */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        if (this.#options.optional) resolve();
        else if (isReaderGone(error))
          reject(new OutputClosedError("The reader of the output is gone"));
        else reject(new OutputFailedError(`The output cannot be written: ${reasonOf(error)}`));
      };
      if (this.#failure) {
        fail(this.#failure);
        return;
      }
      this.stream.write(this.safe(text), (error) => {
        if (error) fail(error);
        else resolve();
      });
    });
  }

  /** Returns text without secrets and, for a terminal, without control sequences. */
  safe(text: string): string {
    const redacted = this.#options.redact(text);
    return this.isTerminal ? withoutStrayControls(redacted) : redacted;
  }

  /** Writes a line. */
  line(text = ""): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Writes a value as one line of JSON. */
  json(value: unknown): Promise<void> {
    return this.line(printableJson(value));
  }
}
