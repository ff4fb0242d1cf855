import cliProgress from "cli-progress";
import { bar } from "../output/bar.js";
import { clock } from "../output/moment.js";
import type { Output } from "../output/output.js";
import type { Tally } from "./tally.js";

/** The rate is that of the last so many milliseconds. */
const WINDOW = 10_000;

/** How fast it goes at present. */
class Rate {
  #samples: { time: number; settled: number }[] = [];

  /** Rows a second; null while nothing can be said. */
  at(time: number, settled: number): number | null {
    this.#samples.push({ time, settled });
    const begin = this.#samples.findIndex((sample) => sample.time >= time - WINDOW);
    this.#samples = this.#samples.slice(begin);
    const [first] = this.#samples;
    if (!first || time - first.time < 500) return null;
    return ((settled - first.settled) / (time - first.time)) * 1000;
  }
}

/** Shows how far a run is, with messages above; shows nothing but the messages where nobody is looking. */
export class Progress {
  readonly #output: Output;
  readonly #bars: cliProgress.MultiBar | null;

  /** @param total - how many rows there are; null where that is not known */
  constructor(output: Output, tally: Tally, total: number | null) {
    this.#output = output;
    const rate = new Rate();
    if (!output.isTerminal) {
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
      format: () => line(output, tally, total, rate),
    });
    this.#bars.create(total ?? 0, 0);
  }

  /** Writes a line above the bar. */
  async line(text: string): Promise<void> {
    if (this.#bars) this.#bars.log(`${text}\n`);
    else await this.#output.line(text);
  }

  /** Takes the bar away. What is written above it stays. */
  stop(): void {
    if (!this.#bars) return;
    this.#bars.update(); // Messages that wait are shown.
    this.#bars.stop();
  }
}

function line(output: Output, tally: Tally, total: number | null, rate: Rate): string {
  const { colors } = output;
  const { done, settled, notCharged } = tally;
  const speed = rate.at(performance.now(), settled);
  const trouble = notCharged === 0 ? "" : colors.red(`  ${notCharged} not charged`);
  const pace = speed === null ? "" : `  ${speed >= 10 ? Math.round(speed) : speed.toFixed(1)}/s`;
  if (total === null) return `${colors.cyan("●")} ${done} rows${pace}${trouble}`;
  const part = total === 0 ? 1 : done / total;
  const left =
    speed === null || speed === 0 ? "" : `  ${clock(((total - done) / speed) * 1000)} left`;
  const numbers = `${String(Math.floor(part * 100)).padStart(3)} %  ${done}/${total}`;
  const width = Math.max(8, Math.min(30, (output.columns ?? 80) - 50));
  return `${colors.cyan(bar(part, width))} ${numbers}${pace}${left}${trouble}`;
}
