import { contentOf, readRow, type RowDefaults, type RowInput } from "./charge-row.js";
import { KeyRegister } from "./key-register.js";
import { readRows, type RowSource } from "./rows.js";

/** A row after all checks: a charge, or what is wrong with it. */
export type CheckedRow =
  | {
      readonly line: number;
      readonly input: RowInput;
      /** Whether an earlier row is the same charge. */
      readonly repeated: boolean;
      readonly problem?: undefined;
    }
  | { readonly line: number; readonly idempotencyKey: string | null; readonly problem: string };

/** Reads and checks the rows of a file. The check before a run and the run itself share this, so they agree. */
export async function* checkedRows(
  source: RowSource,
  defaults: RowDefaults,
): AsyncGenerator<CheckedRow, void, undefined> {
  const keys = new KeyRegister();
  for await (const row of readRows(source, (names) => defaults.columns.problemWith(names))) {
    const { line } = row;
    const read = readRow(row, defaults);
    if (read.problem !== undefined) {
      yield { line, ...read };
      continue;
    }
    const { input } = read;
    const { idempotencyKey } = input;
    const before = keys.note(idempotencyKey, contentOf(input), line);
    yield typeof before === "number"
      ? {
          line,
          idempotencyKey,
          problem: `idempotencyKey ${JSON.stringify(idempotencyKey)} was used in line ${before} for another charge`,
        }
      : { line, input, repeated: before === "repeated" };
  }
}
