import { onTestFinished, vi } from "vitest";
import type { CliUnderTest, RunOptions } from "./cli-under-test.js";

const pty = await import("@lydell/node-pty").catch(() => null);

/** Why no terminal can be had on this machine; null where one can. */
export const noTerminal: string | null =
  pty === null ? "@lydell/node-pty has no binary for this platform" : null;

/** Sequences that steer a terminal. */
const STEERING =
  // eslint-disable-next-line no-control-regex -- that is what they are
  /\u001b(?:\[[\d;?]*[A-Za-z]|[78=>])/g;

/** A run at a real terminal. */
export interface TerminalRun {
  /** All that was written, with what steers the terminal. */
  raw(): string;
  /** All that was written, without. */
  text(): string;
  /** Types at the keyboard. */
  type(keys: string): void;
  /** Resolves once it was shown. */
  shows(text: string | RegExp): Promise<void>;
  readonly ended: Promise<number>;
}

/** Runs the command at a real terminal. */
export function runAtTerminal(
  cli: CliUnderTest,
  args: readonly string[],
  options: RunOptions & { readonly columns?: number } = {},
): TerminalRun {
  if (pty === null) throw new Error(noTerminal ?? "");
  const { env, directory = cli.emptyDirectory, columns = 100 } = options;
  const terminal = pty.spawn(process.execPath, [cli.script, ...args], {
    name: env?.["TERM"] ?? "xterm-256color",
    cols: columns,
    rows: 30,
    cwd: directory,
    env: cli.environment(env),
  });
  let raw = "";
  let running = true;
  terminal.onData((data) => (raw += data));
  const ended = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => {
      running = false;
      resolve(exitCode);
    });
  });
  onTestFinished(() => {
    if (running) terminal.kill("SIGKILL");
  });
  const text = (): string => raw.replaceAll(STEERING, "").replaceAll("\r\n", "\n");
  return {
    raw: () => raw,
    text,
    type: (keys) => {
      terminal.write(keys);
    },
    shows: (wanted) =>
      vi.waitFor(
        () => {
          const seen = text();
          if (typeof wanted === "string" ? seen.includes(wanted) : wanted.test(seen)) return;
          throw new Error(`It does not show ${String(wanted)} but ${JSON.stringify(seen)}`);
        },
        { timeout: 10_000, interval: 20 },
      ),
    ended,
  };
}
