import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
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

/** Reads the rows of a file as they are asked for. @throws CommandLineError where it cannot be read */
export async function* readRows(source: RowSource): AsyncGenerator<Row, void, undefined> {
  const { path, delimiter } = source;
  const bytes = path === "-" ? source.stdin : createReadStream(path);
  try {
    const { first, all } = await peek(bytes);
    const format = source.format ?? formatOf(path, first);
    yield* format === "csv" ? csvRows(all, delimiter) : jsonRows(all, first);
  } catch (error) {
    if (error instanceof CommandLineError || !(error instanceof Error)) throw error;
    throw new CommandLineError(
      `${path === "-" ? "Standard input" : path} cannot be read: ${error.message}`,
    );
  } finally {
    bytes.destroy();
  }
}

function formatOf(path: string, first: string): FileFormat {
  if (/\.(jsonl|ndjson|json)$/i.test(path)) return "jsonl";
  if (/\.(csv|tsv)$/i.test(path)) return "csv";
  return /^\s*[{[]/.test(first) ? "jsonl" : "csv";
}

/** The beginning of a stream, and the whole of it. */
async function peek(bytes: Readable): Promise<{ first: string; all: Readable }> {
  const pieces: AsyncIterator<Buffer | string> = bytes[Symbol.asyncIterator]();
  const head = await pieces.next();
  const first = head.done ? "" : String(head.value).replace(/^\uFEFF/, "");
  async function* all(): AsyncGenerator<Buffer | string> {
    if (head.done) return;
    yield head.value;
    for (;;) {
      const next = await pieces.next();
      if (next.done) return;
      yield next.value;
    }
  }
  return { first, all: Readable.from(all(), { objectMode: false }) };
}

async function* csvRows(text: Readable, delimiter: string): AsyncGenerator<Row> {
  const records: AsyncIterable<{ record: string[]; info: { lines: number } }> = text.pipe(
    parse({
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }),
  );
  let header: readonly string[] | null = null;
  for await (const { record, info } of records) {
    if (header === null) {
      header = record;
      checkHeader(header, delimiter);
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
function checkHeader(header: readonly string[], delimiter: string): void {
  const [only = ""] = header;
  const other = [";", "\t", ",", "|"].find((mark) => mark !== delimiter && only.includes(mark));
  if (header.length > 1 || other === undefined) return;
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
  for await (const written of createInterface({ input: text, crlfDelay: Infinity })) {
    line += 1;
    const json = written.replace(/^\uFEFF/, "");
    if (json.trim() !== "") yield { line, content: objectIn(json) };
  }
  if (line === 0) throw new CommandLineError("The file is empty");
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
