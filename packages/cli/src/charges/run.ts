import { AbortedError } from "shopify-usage-billing";
import type { Billing, Connection } from "../connection/connection.js";
import { adviceOnRefusal } from "../failure/advice.js";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import { reasonOf } from "../failure/reason.js";
import type { Interruption } from "../interruption.js";
import { printable } from "../output/printable.js";
import type { Terminal } from "../output/terminal.js";
import type { RowDefaults, RowInput } from "./charge-row.js";
import { checkedRows } from "./checked-rows.js";
import { endsTheRun, outcomeOf, type Outcome } from "./outcome.js";
import { progressOf } from "./progress.js";
import type { Results } from "./results.js";
import { nameOf, type RowSource } from "./rows.js";
import { Tally } from "./tally.js";

/** The most uncharged rows to show one by one. The results contain all of them. */
const TROUBLE_SHOWN = 10;

/** What to do with a file. */
export interface Job {
  readonly source: RowSource;
  readonly defaults: RowDefaults;
  readonly concurrency: number;
  readonly maxFailures: number;
  /** The number of rows. `null` if it is unknown. */
  readonly total: number | null;
  readonly results: Results;
  readonly resultsOnStdout: boolean;
  readonly json: boolean;
}

/** Charges the rows of a file and reports the outcomes. */
export async function chargeAll(
  job: Job,
  { billing }: Connection,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  const begun = performance.now();
  const run = new Run(job, billing, terminal, interruption);
  await run.toEnd();
  await reportSummary(job, run.tally, performance.now() - begun, terminal);
  const worst = run.tally.exitCode(interruption.exitCode);
  // A failure is reported even if rows are unknown: both end in "run it again".
  if (run.failure === null) return worst;
  throw run.failure;
}

/** A run over the rows of a file. */
class Run {
  readonly tally = new Tally();
  /** Why the run ended early. `null` if it did not, or if Ctrl-C ended it. */
  failure: Error | null = null;
  readonly #job: Job;
  readonly #billing: Billing;
  readonly #terminal: Terminal;
  readonly #interruption: Interruption;
  readonly #stop = new AbortController();
  readonly #progress;
  /** The line numbers of the charges under way. */
  readonly #underWay = new Map<RowInput, number>();
  #sent = 0;
  #shown = 0;

  constructor(job: Job, billing: Billing, terminal: Terminal, interruption: Interruption) {
    this.#job = job;
    this.#billing = billing;
    this.#terminal = terminal;
    this.#interruption = interruption;
    this.#progress = progressOf(terminal.err, this.tally, job.total);
  }

  /** Charges until the rows end or something stops the run. Charges under way are always finished. */
  async toEnd(): Promise<void> {
    this.#interruption.onFirst(() => {
      void this.#progress.line(
        "Stopping: charges under way are finished first. Press Ctrl-C again to stop at once.",
      );
    });
    this.#interruption.onSecond(() => {
      this.#progress.stop();
      if (this.#underWay.size === 0) return false;
      process.stderr.write(
        "Stopped. Charges under way may have been made: run the same command again.\n",
      );
      return true;
    });
    const outcomes = this.#billing.createUsageRecords(this.#pending(), {
      concurrency: this.#job.concurrency,
      signal: AbortSignal.any([this.#interruption.signal, this.#stop.signal]),
    });
    try {
      for await (const outcome of outcomes) {
        const line = this.#underWay.get(outcome.input) ?? 0;
        this.#underWay.delete(outcome.input);
        await this.#note(outcomeOf(line, outcome));
        if (endsTheRun(outcome) && !this.#stop.signal.aborted) {
          await this.#progress.line("Stopping: all remaining rows would end the same way.");
          this.#stop.abort();
        }
      }
    } catch (error) {
      if (!(error instanceof AbortedError)) this.#fail(error);
    } finally {
      this.#progress.stop();
    }
  }

  async *#pending(): AsyncGenerator<RowInput, void, undefined> {
    const { source, defaults, results, total } = this.#job;
    let rows = 0;
    for await (const row of checkedRows(source, defaults)) {
      rows += 1;
      if (total !== null && rows > total) {
        throw new Error(`it grew while it was charged: only its first ${total} rows were checked`);
      }
      if (row.problem !== undefined) {
        const { line, idempotencyKey, problem: message } = row;
        await this.#note({ line, idempotencyKey, outcome: "invalid", message });
      } else if (results.wasCharged(row.input)) {
        this.tally.skip();
      } else {
        this.#underWay.set(row.input, row.line);
        this.#sent += 1;
        yield row.input;
      }
    }
  }

  async #note(outcome: Outcome): Promise<void> {
    this.tally.add(outcome);
    try {
      await this.#job.results.write(outcome);
    } catch (error) {
      // No more charges are started if results cannot be written; those under way still count.
      this.failure ??= new CommandFailedError(
        `The results cannot be written: ${reasonOf(error)}`,
        exitCodes.unknown,
        "Charges under way were finished. Run the same command again: no key is charged twice.",
      );
      this.#stop.abort();
    }
    if (outcome.outcome !== "charged" || outcome.warnings) await this.#show(outcome);
    if (this.tally.notCharged >= this.#job.maxFailures) this.#stop.abort();
  }

  /** Shows one of the first rows that need attention. */
  async #show(outcome: Outcome): Promise<void> {
    const { err } = this.#terminal;
    // Differences are always shown: the charge was made, but not as requested.
    if (this.#job.resultsOnStdout && !outcome.warnings) return;
    this.#shown += 1;
    if (this.#shown <= TROUBLE_SHOWN)
      await this.#progress.line(troubleLine(outcome, this.#terminal));
    if (this.#shown === TROUBLE_SHOWN) {
      await this.#progress.line(err.colors.dim("… the summary counts the rest"));
    }
  }

  /**
   * Records why the rows ended early. Once charges were sent, the message must not read as if
   * nothing happened.
   */
  #fail(error: unknown): void {
    this.failure ??=
      this.#sent === 0 && error instanceof Error
        ? error
        : new CommandFailedError(
            `${nameOf(this.#job.source)} could not be read to the end: ${reasonOf(error)}`,
            exitCodes.unknown,
            "The summary counts what was charged before that. Correct the file and run the same command again: no key is charged twice.",
          );
  }
}

function troubleLine(
  { line, idempotencyKey, outcome, message, code, warnings }: Outcome,
  { err }: Terminal,
): string {
  const { colors } = err;
  const paint = outcome === "unknown" || outcome === "failed" ? colors.yellow : colors.red;
  const key = idempotencyKey === null ? "" : ` ${printable(idempotencyKey)}`;
  const why = printable(warnings?.join("; ") ?? message ?? code ?? "");
  return `${colors.dim(`line ${line}`)}${key} ${paint(outcome)}: ${why}`;
}

async function reportSummary(
  { total, resultsOnStdout, json }: Job,
  tally: Tally,
  milliseconds: number,
  { out, err }: Terminal,
): Promise<void> {
  if (json) {
    await out.json({ summary: tally.facts(total, milliseconds) }).catch(() => undefined);
    return;
  }
  const output = resultsOnStdout ? err : out;
  await output.line(tally.text(total, milliseconds, output.colors)).catch(() => undefined);
  for (const code of tally.codes("refused")) {
    const advice = adviceOnRefusal(code);
    if (advice !== null) await err.line(`${printable(code)}: ${advice}`);
  }
}
