import { SimulatorUsageError } from "../usage-error.js";

/** How simulated time passes. */
export type ClockMode = "running" | "manual" | { readonly speed: number };

/** The simulated time, which dates, billing periods, costs and latencies follow. */
export interface SimulatorClock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number;
  /**
   * Moves the time forward at once, by milliseconds. Periods end, subscriptions that nobody approved
   * expire, and waiting requests get their responses.
   *
   * @throws SimulatorUsageError for a negative number, or a time after the year 9999.
   */
  advance(milliseconds: number): void;
  /** How many requests and webhooks wait for time to pass. With a manual clock, only `advance` lets them continue. */
  readonly waiting: number;
}

/** Later times have no four-digit year, with which the API prints them. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);
/** Longer timeouts of JavaScript end at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

interface Sleeper {
  readonly due: number;
  wake(): void;
}

export class Clock implements SimulatorClock {
  /** Simulated milliseconds for each real one. 0 if time only moves by `advance`. */
  readonly #speed: number;
  readonly #start: number;
  readonly #realStart: number = Date.now();
  readonly #sleepers: Set<Sleeper> = new Set();
  #advanced = 0;
  #latest = 0;

  /** Called after each `advance`. */
  onAdvance: () => void = () => {};

  constructor(start: number | string | Date | undefined, mode: ClockMode = "running") {
    this.#speed = mode === "running" ? 1 : mode === "manual" ? 0 : mode.speed;
    if (!(this.#speed >= 0 && Number.isFinite(this.#speed))) {
      throw new SimulatorUsageError(
        `clock.speed must be the number of simulated milliseconds per real one, such as 100, got ${this.#speed}`,
      );
    }
    this.#start = start === undefined ? this.#realStart : pointInTime("now", start);
  }

  now(): number {
    const elapsed = (Date.now() - this.#realStart) * this.#speed;
    // The machine's clock may be set back; ours never goes back.
    const time = this.#start + this.#advanced + Math.floor(elapsed);
    this.#latest = Math.min(LATEST, Math.max(this.#latest, time));
    return this.#latest;
  }

  get waiting(): number {
    return this.#sleepers.size;
  }

  advance(milliseconds: number): void {
    if (!(milliseconds >= 0 && this.now() + milliseconds <= LATEST)) {
      throw new SimulatorUsageError(
        `clock.advance takes milliseconds of zero or more, up to the year 9999, got ${milliseconds}`,
      );
    }
    this.#advanced += milliseconds;
    const now = this.now();
    const due = [...this.#sleepers].filter((sleeper) => sleeper.due <= now);
    for (const sleeper of due.sort((a, b) => a.due - b.due)) sleeper.wake();
    this.onAdvance();
  }

  /**
   * Resolves after simulated milliseconds. On a manual clock, that is when `advance` has got there.
   *
   * @param keepsAlive - whether Node.js waits for it before it exits
   */
  sleep(milliseconds: number, keepsAlive: boolean = true): Promise<void> {
    if (milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const sleeper: Sleeper = {
        due: this.now() + milliseconds,
        wake: () => {
          clearTimeout(timer);
          this.#sleepers.delete(sleeper);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      if (this.#speed === 0) return;
      timer = setTimeout(sleeper.wake, Math.min(milliseconds / this.#speed, LONGEST_TIMEOUT));
      // A browser's timer is a number, and keeps nothing alive.
      if (!keepsAlive && typeof timer === "object") timer.unref();
    });
  }
}

/** Reads a time that a test gives, as milliseconds since 1970. */
export function pointInTime(field: string, time: Date | string | number): number {
  const milliseconds = new Date(time).getTime();
  if (milliseconds >= 0 && milliseconds <= LATEST) return milliseconds;
  throw new SimulatorUsageError(
    `${field} must be a Date, milliseconds since 1970, or text such as "2025-01-31T12:00:00Z", up to the year 9999, got ${JSON.stringify(time)}`,
  );
}

/** Prints a time as Shopify's `DateTime`: UTC, whole seconds. */
export function dateTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
