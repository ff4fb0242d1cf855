import { exitCodes, type ExitCode } from "../failure/exit-code.js";
import { clock } from "../output/moment.js";
import type { Colors } from "../output/output.js";
import { printable } from "../output/printable.js";
import type { Outcome, OutcomeKind } from "./outcome.js";
import { Sums } from "./sums.js";

const KINDS: readonly OutcomeKind[] = ["charged", "refused", "failed", "unknown", "invalid"];

/** What it means, where it is not plain. */
const NOTES: Record<OutcomeKind, string> = {
  charged: "",
  refused: "surely not charged",
  failed: "surely not charged; run again",
  unknown: "perhaps charged; run again, with the same keys",
  invalid: "not sent",
};

/** Counts what became of the rows of a run. */
export class Tally {
  readonly #counts: Record<OutcomeKind, number> = {
    charged: 0,
    refused: 0,
    failed: 0,
    unknown: 0,
    invalid: 0,
  };
  readonly #codes = new Map<OutcomeKind, Map<string, number>>();
  readonly #charged = new Sums();
  /** A charge that several rows ask for is one charge. */
  readonly #records = new Set<string>();
  #skipped = 0;

  /** How many rows were settled, skipped ones included. */
  get done(): number {
    return KINDS.reduce((sum, kind) => sum + this.#counts[kind], this.#skipped);
  }

  /** How many rows were settled by this run. */
  get settled(): number {
    return this.done - this.#skipped;
  }

  /** How many were not charged. */
  get notCharged(): number {
    return this.settled - this.#counts.charged;
  }

  /** Why rows had this outcome: codes of user errors, or names of errors. */
  codes(kind: OutcomeKind): readonly string[] {
    return [...(this.#codes.get(kind)?.keys() ?? [])];
  }

  add({ outcome, code, usageRecordId, amount, currencyCode }: Outcome): void {
    this.#counts[outcome] += 1;
    if (usageRecordId !== undefined && amount !== undefined && currencyCode !== undefined) {
      if (!this.#records.has(usageRecordId)) this.#charged.add({ amount, currencyCode });
      this.#records.add(usageRecordId);
    }
    if (code === undefined) return;
    const codes = this.#codes.get(outcome) ?? new Map<string, number>();
    this.#codes.set(outcome, codes.set(code, (codes.get(code) ?? 0) + 1));
  }

  /** A row that an earlier run has charged. */
  skip(): void {
    this.#skipped += 1;
  }

  /** The summary for programs. */
  facts(total: number | null, milliseconds: number): Readonly<Record<string, unknown>> {
    return {
      ...this.#counts,
      skipped: this.#skipped,
      notBegun: total === null ? null : total - this.done,
      sums: this.#charged.all(),
      milliseconds: Math.round(milliseconds),
    };
  }

  /** The summary for people. */
  text(total: number | null, milliseconds: number, colors: Colors): string {
    const paint: Record<OutcomeKind, (text: string) => string> = {
      charged: colors.green,
      refused: colors.red,
      failed: colors.yellow,
      unknown: colors.yellow,
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
    if (this.#skipped > 0) {
      lines.push(row("skipped", this.#skipped, "charged before, by the results"));
    }
    const notBegun = total === null ? 0 : total - this.done;
    if (notBegun > 0) lines.push(row("not begun", notBegun, "run again"));
    const seconds = milliseconds / 1000;
    const rate = seconds > 1 ? `, ${Math.round(this.settled / seconds)} a second` : "";
    return [...lines, colors.dim(`  in ${clock(milliseconds)}${rate}`)].join("\n");
  }

  /** The worst of all outcomes, in the order in which somebody has to care. */
  exitCode(interrupted: ExitCode | null): ExitCode {
    if (this.#counts.unknown > 0) return exitCodes.unknown;
    if (interrupted !== null) return interrupted;
    if (this.#counts.refused + this.#counts.invalid > 0) return exitCodes.refused;
    return this.#counts.failed > 0 ? exitCodes.later : exitCodes.ok;
  }
}
