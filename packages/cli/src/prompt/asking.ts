import type { Terminal } from "../output/terminal.js";

/** The context of every Inquirer prompt. */
export interface PromptContext {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

const plain = (text: string): string => text;

/** Inquirer's styles without their colours, which ignore NO_COLOR and --no-color on Node 20. */
export const PLAIN = {
  prefix: "?",
  style: { answer: plain, message: plain, error: plain, highlight: plain, key: plain, help: plain },
};

/**
 * Asks a question on standard error. Ctrl-C and Ctrl-D cancel it.
 *
 * @returns the answer. `null` if the question was cancelled.
 */
export async function asking<Answer>(
  { stdin, err }: Terminal,
  stopped: AbortSignal,
  ask: (context: PromptContext) => Promise<Answer>,
): Promise<Answer | null> {
  const ended = new AbortController();
  // Inquirer leaves Ctrl-D unanswered, and Node.js would then exit with a warning.
  const watch = (_: string, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.ctrl === true && key.name === "d") ended.abort();
  };
  stdin.on("keypress", watch);
  try {
    const signal = AbortSignal.any([stopped, ended.signal]);
    return await ask({ input: stdin, output: err.stream, signal });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "ExitPromptError" || name === "AbortPromptError") return null;
    throw error;
  } finally {
    stdin.off("keypress", watch);
    stdin.pause();
  }
}
