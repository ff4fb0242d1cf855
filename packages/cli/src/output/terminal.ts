import type { ReadStream } from "node:tty";
import { withoutTokens } from "../failure/without-values.js";
import { Output, type OutputStream } from "./output.js";
import { printable } from "./printable.js";

/** The streams of the process. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream | ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** The environment of a run: a person at a terminal, or a script with pipes. */
export class Terminal {
  readonly stdin: Streams["stdin"];
  /** For results. */
  readonly out: Output;
  /** For everything else: progress, warnings, failures. */
  readonly err: Output;
  readonly environment: NodeJS.ProcessEnv;
  readonly #secrets: string[] = [];

  constructor(streams: Streams, environment: NodeJS.ProcessEnv, colorsAllowed: boolean) {
    const redact = (text: string): string =>
      this.#secrets.reduce((safe, secret) => safe.replaceAll(secret, "[redacted]"), text);
    this.stdin = streams.stdin;
    const options = { environment, colors: colorsAllowed };
    this.out = new Output(streams.stdout, { ...options, redact, optional: false });
    this.err = new Output(streams.stderr, {
      ...options,
      // Results must not be altered, but a message can quote a token that was given as something else.
      redact: (text) => withoutTokens(redact(text)),
      optional: true,
    });
    this.environment = environment;
  }

  /** Whether there is a person to ask. */
  get isInteractive(): boolean {
    return this.stdin.isTTY === true && this.err.isTerminal;
  }

  /** Hides a text in all later output. */
  hide(secret: string): void {
    this.#secrets.push(secret);
  }

  /** Warns about something that does not stop the command. */
  async warn(message: string): Promise<void> {
    await this.err.line(`${this.err.colors.yellow("Warning:")} ${printable(message)}`);
  }
}
