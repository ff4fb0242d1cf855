import { stringify } from "csv-stringify/sync";
import type { Output } from "./output.js";
import { Table, type Column } from "./table.js";

/** How rows are written: as a table for people, one JSON object per line, or CSV. */
export type RowFormat = "table" | "json" | "csv";

/** Returns the format that the options choose. */
export function rowFormat(options: {
  readonly json?: boolean | undefined;
  readonly csv?: boolean | undefined;
}): RowFormat {
  if (options.json) return "json";
  return options.csv ? "csv" : "table";
}

/** A column of CSV. */
export type CsvColumn<Row> = readonly [title: string, text: (row: Row) => string | null];

/** Writes rows as they arrive. */
export interface RowWriter<Row> {
  add(row: Row): Promise<void>;
  end(): Promise<void>;
}

/** Creates the writer of a format. */
export function rowWriter<Row>(
  output: Output,
  format: RowFormat,
  columns: readonly Column<Row>[],
  csvColumns: readonly CsvColumn<Row>[],
): RowWriter<Row> {
  switch (format) {
    case "table":
      return new Table(output, columns);
    case "json":
      return { add: (row) => output.json(row), end: async () => undefined };
    case "csv":
      return new CsvWriter(output, csvColumns);
  }
}

class CsvWriter<Row> implements RowWriter<Row> {
  readonly #output: Output;
  readonly #columns: readonly CsvColumn<Row>[];
  #begun = false;

  constructor(output: Output, columns: readonly CsvColumn<Row>[]) {
    this.#output = output;
    this.#columns = columns;
  }

  async add(row: Row): Promise<void> {
    await this.#begin();
    await this.#output.write(stringify([this.#columns.map(([, text]) => text(row))]));
  }

  async end(): Promise<void> {
    await this.#begin();
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await this.#output.write(stringify([this.#columns.map(([title]) => title)]));
  }
}
