import CliTable from "cli-table3";
import stringWidth from "string-width";
import type { Output } from "./output.js";
import { printable } from "./printable.js";

/** A column of a table of rows. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly align?: "left" | "right";
  /** Whether it may be truncated if the terminal is narrow. */
  readonly flexible?: boolean;
  /** When to drop it if the terminal is too narrow: 1 goes first. Default: never. */
  readonly leftOut?: number;
  /** Colours a cell; it must not change its text. */
  readonly style?: (text: string, row: Row) => string;
}

/** The number of rows that decide how wide the columns are. */
const ROWS_AT_ONCE = 100;
const GAP = 2;
/** The least width of a flexible column while other columns can still be dropped, */
const COMFORTABLE = 20;
/** and after that. */
const NARROWEST = 8;

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

interface Sized<Row> {
  readonly column: Column<Row>;
  width: number;
}

/** A table that is written while its rows arrive. */
export class Table<Row> {
  readonly #output: Output;
  readonly #columns: readonly Column<Row>[];
  #waiting: Row[] = [];
  /** Set by the first rows. */
  #sized: readonly Sized<Row>[] | null = null;

  constructor(output: Output, columns: readonly Column<Row>[]) {
    this.#output = output;
    this.#columns = columns;
  }

  async add(row: Row): Promise<void> {
    this.#waiting.push(row);
    if (this.#waiting.length >= ROWS_AT_ONCE) await this.#flush();
  }

  async end(): Promise<void> {
    if (this.#waiting.length > 0) await this.#flush();
  }

  async #flush(): Promise<void> {
    const rows = this.#waiting;
    this.#waiting = [];
    const cells = rows.map((row) => this.#columns.map(({ text }) => printable(text(row))));
    const first = this.#sized === null;
    this.#sized ??= this.#size(cells);
    const { colors } = this.#output;

    const table = new CliTable({
      chars: NO_LINES,
      style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
      colAligns: this.#sized.map(({ column }) => column.align ?? "left"),
      // Only a terminal has a width to keep to.
      ...(this.#output.columns !== null && {
        colWidths: this.#sized.map(({ width }) => width + GAP),
      }),
    });
    if (first) table.push(this.#sized.map(({ column }) => colors.bold(column.title)));
    for (const [index, row] of rows.entries()) {
      table.push(
        this.#sized.map(({ column, width }) => {
          const text = cells[index]?.[this.#columns.indexOf(column)] ?? "";
          const padded = this.#output.columns === null ? pad(text, width, column.align) : text;
          return column.style?.(padded, row) ?? padded;
        }),
      );
    }
    const lines = table.toString().split("\n");
    await this.#output.write(lines.map((line) => `${line.trimEnd()}\n`).join(""));
  }

  /** Chooses columns and widths that fit the terminal. */
  #size(cells: readonly (readonly string[])[]): Sized<Row>[] {
    let sized = this.#columns.map((column, index) => ({
      column,
      width: Math.max(
        stringWidth(column.title),
        ...cells.map((texts) => stringWidth(texts[index] ?? "")),
      ),
    }));
    const available = this.#output.columns;
    if (available === null) return sized;
    const excess = (): number =>
      sized.reduce((sum, { width }) => sum + width + GAP, 0) - GAP - available;
    const cut = (least: number): void => {
      while (excess() > 0) {
        const widest = sized
          .filter(({ column, width }) => column.flexible && width > least)
          .toSorted((a, b) => b.width - a.width)[0];
        if (!widest) return;
        widest.width -= 1;
      }
    };
    cut(COMFORTABLE);
    const leftOut = sized
      .filter(({ column }) => column.leftOut !== undefined)
      .toSorted((a, b) => (a.column.leftOut ?? 0) - (b.column.leftOut ?? 0));
    for (const next of leftOut) {
      if (excess() <= 0) break;
      sized = sized.filter((other) => other !== next);
    }
    cut(NARROWEST);
    return sized;
  }
}

/** Pads a cell, so that later rows align with the first. */
function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? space + text : text + space;
}
