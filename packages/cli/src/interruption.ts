import { exitCodes, type ExitCode } from "./failure/exit-code.js";

/** What stopped a command before its end. */
export interface Interruption {
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** The exit code of the signal that came. `null` if none did. */
  readonly exitCode: ExitCode | null;
  /** Calls the listener at the first Ctrl-C. */
  onFirst(listener: () => void): void;
  /**
   * Calls the listener at the second Ctrl-C, after which the process ends at once.
   *
   * @param listener - returns whether charges are under way, which decides the exit code
   */
  onSecond(listener: () => boolean): void;
  /** Runs a call that may charge, so that a second Ctrl-C meanwhile does not exit as if nothing was charged. */
  whileCharging<T>(call: () => Promise<T>): Promise<T>;
}

/** How long a command has to report what became of an aborted charge after a second Ctrl-C, in milliseconds. */
const LAST_WORDS = 1_000;

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort, and the second into the end of the process. */
export function watchForInterruption(process: NodeJS.Process): Interruption {
  const controller = new AbortController();
  const first: (() => void)[] = [];
  let second: (() => boolean) | null = null;
  let charging = 0;
  let exitCode: ExitCode | null = null;

  const receive = (code: ExitCode): void => {
    if (exitCode === null) {
      exitCode = code;
      for (const listener of first) listener();
      controller.abort(new Error("Interrupted"));
    } else if (second) {
      process.exit(second() ? exitCodes.unknown : code);
    } else {
      // Not at once: the aborted call is about to report the key to go on with.
      const last = charging > 0 ? exitCodes.unknown : code;
      setTimeout(() => process.exit(last), LAST_WORDS).unref();
    }
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
    onSecond: (listener) => {
      second = listener;
    },
    whileCharging: async (call) => {
      charging += 1;
      try {
        return await call();
      } finally {
        charging -= 1;
      }
    },
  };
}
