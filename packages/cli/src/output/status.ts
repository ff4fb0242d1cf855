import cliProgress from "cli-progress";
import wrapAnsi from "wrap-ansi";
import type { Output } from "./output.js";

/**
 * A line at the bottom of a terminal that shows the progress of a long job. Messages can be written
 * above it.
 */
export class Status {
  readonly #output: Output;
  readonly #bars: cliProgress.MultiBar | null;

  /**
   * @param text - returns the line
   * @param wanted - Default: true. Without a terminal, there is never a line.
   */
  constructor(output: Output, text: () => string, wanted = true) {
    this.#output = output;
    if (!output.isTerminal || !wanted) {
      this.#bars = null;
      return;
    }
    this.#bars = new cliProgress.MultiBar({
      stream: output.stream,
      fps: 8,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false, // Ctrl-C is ours: what is under way is finished first.
      forceRedraw: true,
      emptyOnZero: true,
      format: () => output.safe(text()),
    });
    this.#bars.create(0, 0);
  }

  /** Writes a line above the status. */
  async line(text: string): Promise<void> {
    if (!this.#bars) {
      await this.#output.line(text);
      return;
    }
    // cli-progress truncates longer lines.
    const lines = wrapAnsi(this.#output.safe(text), this.#output.columns ?? 80, { hard: true });
    this.#bars.log(`${lines}\n`);
  }

  /** Removes the status. The messages above it stay. */
  stop(): void {
    if (!this.#bars) return;
    this.#bars.update(); // Shows the messages that wait.
    this.#bars.stop();
  }
}
