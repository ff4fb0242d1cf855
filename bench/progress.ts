/** Prints a line of progress. */
export type Say = (line: string) => void;

function inMinutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(1)} min`;
}

/**
 * Prints progress to standard error, with the time that is left: the usual minutes of the measures
 * to come, times how much longer than usual the finished ones took. On a terminal, each line
 * replaces the one before.
 */
export class Progress {
  readonly #start = performance.now();
  readonly #usual: readonly number[];
  #begun = 0;
  #end = 0;

  /** @param minutes - what each of the measures usually takes */
  constructor(minutes: readonly number[]) {
    this.#usual = minutes.map((each) => each * 60_000);
    this.#end = this.#start + this.#sum(0, this.#usual.length);
  }

  /** Notes that the next measure begins. */
  next(): void {
    const now = performance.now();
    const before = this.#sum(0, this.#begun);
    const pace = before === 0 ? 1 : (now - this.#start) / before;
    this.#end = now + pace * this.#sum(this.#begun, this.#usual.length);
    this.#begun += 1;
  }

  readonly say: Say = (line) => {
    const now = performance.now();
    const left = Math.max(0, this.#end - now);
    const text = `${inMinutes(now - this.#start)}, about ${inMinutes(left)} left  ${line}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  };

  #sum(from: number, to: number): number {
    return this.#usual.slice(from, to).reduce((sum, each) => sum + each, 0);
  }
}
