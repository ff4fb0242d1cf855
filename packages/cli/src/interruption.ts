import { exitCodes, type ExitCode } from "./failure/exit-code.js";

/** What stopped a command before its end. */
export interface Interruption {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** The exit code for the signal that came; null while none did. */
  readonly exitCode: ExitCode | null;
  /** Calls the listener at the first Ctrl-C. */
  onFirst(listener: () => void): void;
  /** Calls the listener at the second Ctrl-C, before the process ends at once. */
  onSecond(listener: () => void): void;
}

/** Turns the first Ctrl-C (or SIGTERM) into an abort, and the second into the end of the process. */
export function watchForInterruption(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  const first: (() => void)[] = [];
  const second: (() => void)[] = [];
  let exitCode: ExitCode | null = null;

  const receive = (code: ExitCode): void => {
    if (exitCode !== null) {
      for (const listener of second) listener();
      process.exit(code);
    }
    exitCode = code;
    for (const listener of first) listener();
    controller.abort(new Error("Interrupted"));
  };
  process.on("SIGINT", () => receive(exitCodes.interrupted));
  process.on("SIGTERM", () => receive(exitCodes.terminated));
  process.on("SIGHUP", () => receive(exitCodes.terminated));

  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    onFirst: (listener) => void first.push(listener),
    onSecond: (listener) => void second.push(listener),
  };
}
