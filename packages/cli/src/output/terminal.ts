import type { ReadStream } from "node:tty";
import { Output, type OutputStream } from "./output.js";

/** Where the process reads and writes. */
export interface Streams {
  readonly stdin: NodeJS.ReadStream | ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** Who runs the command: a person at a terminal, or a script by pipes. */
export class Terminal {
  readonly stdin: Streams["stdin"];
  /** What was asked for. */
  readonly out: Output;
  /** Everything else: progress, warnings, failures. */
  readonly err: Output;
  readonly environment: NodeJS.ProcessEnv;
  readonly #secrets: string[] = [];

  constructor(streams: Streams, environment: NodeJS.ProcessEnv, colorsAllowed: boolean) {
    const redact = (text: string): string =>
      this.#secrets.reduce((safe, secret) => safe.replaceAll(secret, "[redacted]"), text);
    this.stdin = streams.stdin;
    const options = { environment, colors: colorsAllowed, redact };
    this.out = new Output(streams.stdout, { ...options, optional: false });
    this.err = new Output(streams.stderr, { ...options, optional: true });
    this.environment = environment;
  }

  /** Can somebody be asked? */
  get isInteractive(): boolean {
    return this.stdin.isTTY === true && this.err.isTerminal;
  }

  /** From now on, neither output shows this text. */
  hide(secret: string): void {
    this.#secrets.push(secret);
  }

  /** Tells something that does not stop the command. */
  async warn(message: string): Promise<void> {
    await this.err.line(`${this.err.colors.yellow("Warning:")} ${message}`);
  }
}
