import { createReadStream } from "node:fs";
import { once } from "node:events";
import { pipeline, type Readable } from "node:stream";
import { parse, type Parser } from "csv-parse";
import { CommandLineError } from "../failure/command-line-error.js";
import type { Row } from "./charge-row.js";

/** How a file is written: CSV with a header, or one JSON object a line. */
export type FileFormat = "csv" | "jsonl";

/** A file of charges. */
export interface RowSource {
  /** The path, or `-` for standard input. */
  readonly path: string;
  /** Undefined where it is to be told from the name or the first character. */
  readonly format: FileFormat | undefined;
  /** What is between the fields of CSV. */
  readonly delimiter: string;
  readonly stdin: Readable;
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/** Reads the rows of a file as they are asked for. @throws CommandLineError where it cannot be read */
export async function* readRows(source: RowSource): AsyncGenerator<Row, void, undefined> {
  const { path, delimiter } = source;
  const text: Readable = path === "-" ? source.stdin : createReadStream(path);
  text.setEncoding("utf8");
  try {
    const first = await beginning(text);
    const format = source.format ?? formatOf(path, first);
    yield* format === "csv" ? csvRows(text, first, delimiter) : jsonRows(text, first);
  } catch (error) {
    if (error instanceof CommandLineError || !(error instanceof Error)) throw error;
    throw new CommandLineError(
      `${path === "-" ? "Standard input" : path} cannot be read: ${error.message}`,
    );
  } finally {
    text.destroy();
  }
}

/** The first piece of a text, which stays to be read. */
async function beginning(text: Readable): Promise<string> {
  await once(text, "readable");
  const piece: unknown = text.read();
  if (typeof piece !== "string") return "";
  text.unshift(piece);
  return piece.replace(BYTE_ORDER_MARK, "");
}

function formatOf(path: string, first: string): FileFormat {
  if (/\.(jsonl|ndjson|json)$/i.test(path)) return "jsonl";
  if (/\.(csv|tsv)$/i.test(path)) return "csv";
  return /^\s*[{[]/.test(first) ? "jsonl" : "csv";
}

async function* csvRows(text: Readable, first: string, delimiter: string): AsyncGenerator<Row> {
  checkHeader(first, delimiter);
  const records: Parser & AsyncIterable<{ record: string[]; info: { lines: number } }> = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // Failures of both ends come out of the iteration.
  pipeline(text, records, () => undefined);
  let header: readonly string[] | null = null;
  for await (const { record, info } of records) {
    if (header === null) {
      header = record;
      continue;
    }
    const names = header;
    const content =
      record.length === names.length
        ? { fields: new Map(names.map((name, index) => [name, record[index]])) }
        : { problem: `has ${record.length} fields where the header has ${names.length}` };
    yield { line: info.lines, content };
  }
  if (header === null) throw new CommandLineError("The file is empty");
}

/** A file from a spreadsheet that writes semicolons would otherwise have one strange column. */
function checkHeader(first: string, delimiter: string): void {
  const [header = ""] = first.split(/[\r\n]/, 1);
  const other = [";", "\t", ",", "|"].find((mark) => mark !== delimiter && header.includes(mark));
  if (header.includes(delimiter) || other === undefined) return;
  throw new CommandLineError(
    `The fields are not separated by ${JSON.stringify(delimiter)}`,
    `Give --delimiter ${other === "\t" ? "tab" : JSON.stringify(other)}.`,
  );
}

async function* jsonRows(text: Readable, first: string): AsyncGenerator<Row> {
  if (/^\s*\[/.test(first)) {
    throw new CommandLineError(
      "The file holds a JSON array",
      "Give one object a line: jq -c '.[]' file.json | usage-billing charge-file -",
    );
  }
  let line = 0;
  for await (const json of linesOf(text)) {
    line += 1;
    if (json.trim() !== "") yield { line, content: objectIn(json) };
  }
  if (line === 0) throw new CommandLineError("The file is empty");
}

/** Each line as soon as it is whole, and what is behind the last line's end. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  let first = true;
  for await (const piece of text) {
    rest += first ? piece.replace(BYTE_ORDER_MARK, "") : piece;
    first = false;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function objectIn(json: string): Row["content"] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: "is no JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: "is no JSON object" };
  }
  return { fields: new Map(Object.entries(value)) };
}
