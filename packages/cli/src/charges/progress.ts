import { bar } from "../output/bar.js";
import { clock } from "../output/moment.js";
import type { Output } from "../output/output.js";
import { Status } from "../output/status.js";
import type { Tally } from "./tally.js";

/** The span that the rate is measured over, in milliseconds. */
const WINDOW = 10_000;

/** Measures the current speed of a run. */
class Rate {
  #samples: { time: number; settled: number }[] = [];

  /** Returns the rows per second. `null` if it is too early to say. */
  at(time: number, settled: number): number | null {
    this.#samples.push({ time, settled });
    const begin = this.#samples.findIndex((sample) => sample.time >= time - WINDOW);
    this.#samples = this.#samples.slice(begin);
    const [first] = this.#samples;
    if (!first || time - first.time < 500) return null;
    return ((settled - first.settled) / (time - first.time)) * 1000;
  }
}

/** Shows the progress of a run. @param total - the number of rows; `null` if it is unknown */
export function progressOf(output: Output, tally: Tally, total: number | null): Status {
  const rate = new Rate();
  return new Status(output, () => line(output, tally, total, rate));
}

// Not cli-progress's own format: it cuts a line that is wider than the terminal instead of shortening the bar.
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
