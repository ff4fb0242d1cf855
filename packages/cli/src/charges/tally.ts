import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import { clock } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { printable } from "../output/printable.js";
import type { Outcome, OutcomeKind } from "./outcome.js";
import { Sums } from "./sums.js";

/** What each outcome means, in the order of the summary. */
const NOTES: Readonly<Record<OutcomeKind, string>> = {
  charged: "",
  refused: "not charged",
  failed: "not charged; run it again",
  unknown: "may have been charged; run it again with the same keys",
  unsettled: "may have been charged; running it again cannot settle it",
  conflict: "the key belongs to another charge",
  invalid: "not sent",
};

const KINDS: readonly OutcomeKind[] = [
  "charged",
  "refused",
  "failed",
  "unknown",
  "unsettled",
  "conflict",
  "invalid",
];

/** Counts the outcomes of a run's rows. */
export class Tally {
  readonly #counts: Record<OutcomeKind, number> = {
    charged: 0,
    refused: 0,
    failed: 0,
    unknown: 0,
    unsettled: 0,
    conflict: 0,
    invalid: 0,
  };
  readonly #codes = new Map<OutcomeKind, Map<string, number>>();
  readonly #charged = new Sums();
  /** Counts a charge once, even if several rows contain it. */
  readonly #records = new Set<string>();
  #skipped = 0;
  #differing = 0;

  /** The number of rows settled, skipped ones included. */
  get done(): number {
    return KINDS.reduce((sum, kind) => sum + this.#counts[kind], this.#skipped);
  }

  /** The number of rows settled by this run. */
  get settled(): number {
    return this.done - this.#skipped;
  }

  /** The number of rows not charged. */
  get notCharged(): number {
    return this.settled - this.#counts.charged;
  }

  /** The codes of user errors, or names of errors, behind an outcome. */
  codes(kind: OutcomeKind): readonly string[] {
    return [...(this.#codes.get(kind)?.keys() ?? [])];
  }

  add({ outcome, code, usageRecordId, amount, currencyCode, warnings }: Outcome): void {
    this.#counts[outcome] += 1;
    if (warnings !== undefined) this.#differing += 1;
    if (usageRecordId !== undefined && amount !== undefined && currencyCode !== undefined) {
      if (!this.#records.has(usageRecordId)) this.#charged.add({ amount, currencyCode });
      this.#records.add(usageRecordId);
    }
    if (code === undefined) return;
    const codes = this.#codes.get(outcome) ?? new Map<string, number>();
    this.#codes.set(outcome, codes.set(code, (codes.get(code) ?? 0) + 1));
  }

  /** Counts a row that an earlier run charged. */
  skip(): void {
    this.#skipped += 1;
  }

  /** Returns the summary for programs. */
  facts(total: number | null, milliseconds: number): Readonly<Record<string, unknown>> {
    return {
      ...this.#counts,
      differing: this.#differing,
      skipped: this.#skipped,
      notBegun: total === null ? null : total - this.done,
      sums: this.#charged.all(),
      milliseconds: Math.round(milliseconds),
    };
  }

  /** Returns the summary for people. */
  text(total: number | null, milliseconds: number, colors: Colors): string {
    const paint: Record<OutcomeKind, (text: string) => string> = {
      charged: colors.green,
      refused: colors.red,
      failed: colors.yellow,
      unknown: colors.yellow,
      unsettled: colors.red,
      conflict: colors.red,
      invalid: colors.red,
    };
    const width = String(Math.max(total ?? 0, this.done)).length;
    const row = (name: string, count: number, note: string): string =>
      `  ${name.padEnd(9)}  ${String(count).padStart(width)}${note && `  ${colors.dim(note)}`}`;
    const lines: string[] = [];
    for (const kind of KINDS) {
      const count = this.#counts[kind];
      if (count === 0 && kind !== "charged") continue;
      const codes = [...(this.#codes.get(kind) ?? [])].map(
        ([code, times]) => `${times} × ${printable(code)}`,
      );
      const note = kind === "charged" ? this.#charged.text() : [NOTES[kind], ...codes].join(", ");
      lines.push(row(kind, count, note).replace(kind, paint[kind](kind)));
    }
    if (this.#differing > 0) {
      const note = "charged, but the record differs from the request";
      lines.push(row("differing", this.#differing, note).replace("differing", colors.red));
    }
    if (this.#skipped > 0) {
      lines.push(row("skipped", this.#skipped, "charged before, according to the results"));
    }
    const notBegun = total === null ? 0 : total - this.done;
    if (notBegun > 0) lines.push(row("not begun", notBegun, "run it again"));
    const seconds = milliseconds / 1000;
    const rate = seconds > 1 ? `, ${Math.round(this.settled / seconds)} a second` : "";
    return [...lines, colors.dim(`  in ${clock(milliseconds)}${rate}`)].join("\n");
  }

  /**
   * Returns the exit code of the worst outcome: first those that a repeated run settles, then those
   * that need attention.
   */
  exitCode(interrupted: ExitCode | null): ExitCode {
    if (this.#counts.unknown > 0) return exitCodes.unknown;
    if (interrupted !== null) return interrupted;
    if (this.#counts.unsettled > 0) return exitCodes.unsettled;
    if (this.#counts.conflict > 0) return exitCodes.conflict;
    if (this.#differing > 0) return exitCodes.differs;
    if (this.#counts.refused + this.#counts.invalid > 0) return exitCodes.refused;
    return this.#counts.failed > 0 ? exitCodes.later : exitCodes.ok;
  }
}
