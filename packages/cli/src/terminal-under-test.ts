import { onTestFinished, vi } from "vitest";
import type { CliUnderTest, RunOptions } from "./cli-under-test.js";

const pty = await import("@lydell/node-pty").catch(() => null);

/** Why this machine cannot provide a terminal; `null` if it can. */
export const noTerminal: string | null =
  pty === null ? "@lydell/node-pty has no binary for this platform" : null;

/** Control sequences of a terminal. */
const STEERING =
  // eslint-disable-next-line no-control-regex -- that is what they are
  /\u001b(?:\[[\d;?]*[A-Za-z]|[78=>])/g;

/** A run at a real terminal. */
export interface TerminalRun {
  /** All output, with control sequences. */
  raw(): string;
  /** All output, without control sequences. */
  text(): string;
  /** Types at the keyboard. */
  type(keys: string): void;
  /** Resolves once the output contains it. */
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
          throw new Error(
            `Expected the output to contain ${String(wanted)}, got ${JSON.stringify(seen)}`,
          );
        },
        { timeout: 10_000, interval: 20 },
      ),
    ended,
  };
}
