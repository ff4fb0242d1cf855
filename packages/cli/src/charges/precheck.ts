import { stat } from "node:fs/promises";
import { CommandFailedError } from "../failure/command-failed-error.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { exitCodes } from "../failure/exit-code.js";
import { reasonOf } from "../failure/reason.js";
import type { RowDefaults, RowInput } from "./charge-row.js";
import { checkedRows } from "./checked-rows.js";
import type { RowSource } from "./rows.js";
import { Sums } from "./sums.js";

/** A problem with a row. */
export interface RowProblem {
  readonly line: number;
  readonly problem: string;
}

/** What a file contains. */
export interface Precheck {
  /** The number of rows, including invalid ones. */
  readonly rows: number;
  /** The number of rows that an earlier run charged. */
  readonly charged: number;
  /** The sums still to be charged. */
  readonly sums: Sums;
  /** The first problems. */
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
  /** Whether a charge occurs more than once. */
  readonly hasRepeats: boolean;
  /** Whether keys look like mere row numbers, which another file may use again. */
  readonly hasRowNumbers: boolean;
  /** The file as it was checked. `null` for standard input. */
  readonly version: string | null;
}

/** The most problems to show one by one. */
const PROBLEMS_SHOWN = 10;

/**
 * Reads a whole file before anything is sent.
 *
 * @param onRow - called with the number of rows read so far
 */
export async function precheck(
  source: RowSource,
  defaults: RowDefaults,
  wasCharged: (input: RowInput) => boolean,
  onRow: (rows: number) => void = () => undefined,
): Promise<Precheck> {
  const sums = new Sums();
  const problems: RowProblem[] = [];
  let rows = 0;
  let charged = 0;
  let problemCount = 0;
  let hasRepeats = false;
  let hasRowNumbers = false;
  const version = await versionOf(source);
  for await (const row of checkedRows(source, defaults)) {
    rows += 1;
    onRow(rows);
    if (row.problem !== undefined) {
      problemCount += 1;
      const { line, problem } = row;
      if (problems.length < PROBLEMS_SHOWN) problems.push({ line, problem });
      continue;
    }
    const { input, repeated } = row;
    hasRepeats ||= repeated;
    hasRowNumbers ||= /^\d{1,6}$/.test(input.idempotencyKey);
    if (wasCharged(input)) charged += 1;
    // The same charge twice is charged once.
    else if (!repeated) sums.add({ ...input.price, amount: String(input.price.amount) });
  }
  const found = { rows, charged, sums, problems, problemCount };
  return { ...found, hasRepeats, hasRowNumbers, version };
}

/** Identifies the content of a file by its size and time of change. `null` for standard input. */
async function versionOf({ path }: RowSource): Promise<string | null> {
  if (path === "-") return null;
  const stats = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw new CommandLineError(`${path} cannot be read: ${reasonOf(error)}`);
  });
  return `${stats.size} ${stats.mtimeNs}`;
}

/** Refuses a file that changed after it was checked, and perhaps confirmed. @throws CommandFailedError */
export async function checkUnchanged(source: RowSource, { version }: Precheck): Promise<void> {
  if ((await versionOf(source)) === version) return;
  throw new CommandFailedError(
    `${source.path} changed after it was checked. Nothing was charged`,
    exitCodes.later,
    "Run it again.",
  );
}
