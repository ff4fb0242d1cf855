import { contentOf, readRow, type RowDefaults, type RowInput } from "./charge-row.js";
import { readRows, type RowSource } from "./rows.js";
import { Sums } from "./sums.js";

/** Something that is wrong with a row. */
export interface RowProblem {
  readonly line: number;
  readonly problem: string;
}

/** What a file holds. */
export interface Precheck {
  /** How many rows it has, the wrong ones included. */
  readonly rows: number;
  /** How many of them an earlier run has charged. */
  readonly charged: number;
  /** What is left to charge. */
  readonly sums: Sums;
  /** The first problems. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
}

/** So many problems are told one by one. */
const PROBLEMS_TOLD = 10;

/** Reads a whole file before anything is sent. */
export async function precheck(
  source: RowSource,
  defaults: RowDefaults,
  wasCharged: (input: RowInput) => boolean,
): Promise<Precheck> {
  const sums = new Sums();
  const problems: RowProblem[] = [];
  const contents = new Map<string, { readonly line: number; readonly content: string }>();
  let rows = 0;
  let charged = 0;
  let problemCount = 0;
  const note = (line: number, problem: string): void => {
    problemCount += 1;
    if (problems.length < PROBLEMS_TOLD) problems.push({ line, problem });
  };
  for await (const row of readRows(source)) {
    rows += 1;
    const read = readRow(row, defaults);
    if (read.problem !== undefined) {
      note(row.line, read.problem);
      continue;
    }
    const { input } = read;
    const content = contentOf(input);
    const before = contents.get(input.idempotencyKey);
    if (before && before.content !== content) {
      note(
        row.line,
        `idempotencyKey ${JSON.stringify(input.idempotencyKey)} is that of line ${before.line}, which is another charge`,
      );
      continue;
    }
    if (wasCharged(input)) charged += 1;
    // The same charge twice is charged once.
    else if (!before) sums.add({ ...input.price, amount: String(input.price.amount) });
    if (!before) contents.set(input.idempotencyKey, { line: row.line, content });
  }
  return { rows, charged, sums, problems, problemCount };
}
