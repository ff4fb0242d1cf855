import { appendFileSync, existsSync } from "node:fs";
import { linesOf } from "./lines.js";

/** What became of a charge that needs no further call. */
export interface JournalEntry {
  readonly idempotencyKey: string;
  /** The record's id; `null` if Shopify refused the charge. */
  readonly usageRecordId: string | null;
  /** Why Shopify refused it; `null` if it was made. */
  readonly refused: string | null;
}

function isEntry(value: unknown): value is JournalEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "idempotencyKey" in value &&
    typeof value.idempotencyKey === "string"
  );
}

/**
 * What is done, a line for each charge, so that it need not be asked again.
 *
 * @remarks
 * It saves requests, and it is the app's own proof should a key ever be forgotten. That nothing is
 * charged twice does not hang on it: a line that was lost with the process is asked for again,
 * with the same key, and Shopify gives the first answer again.
 */
export class Journal {
  readonly #file: string;
  readonly #done: ReadonlySet<string>;

  private constructor(file: string, done: ReadonlySet<string>) {
    this.#file = file;
    this.#done = done;
  }

  /** Reads what an earlier run has done; a last line that was cut off counts as not done. */
  static async open(file: string): Promise<Journal> {
    const done = new Set<string>();
    if (existsSync(file)) {
      appendFileSync(file, "\n"); // The next entry starts a new line, even if the last one is incomplete.
      for await (const line of linesOf(file)) {
        try {
          const entry: unknown = JSON.parse(line);
          if (isEntry(entry)) done.add(entry.idempotencyKey);
        } catch {
          // Cut off.
        }
      }
    }
    return new Journal(file, done);
  }

  /** How many charges an earlier run has done. */
  get size(): number {
    return this.#done.size;
  }

  has(idempotencyKey: string): boolean {
    return this.#done.has(idempotencyKey);
  }

  write(entry: JournalEntry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}
