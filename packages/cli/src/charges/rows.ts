import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { parse as parseCsv, type Parser } from "csv-parse";
import { isLosslessNumber, parse as parseJson } from "lossless-json";
import { COMMAND } from "../command-name.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { reasonOf } from "../failure/reason.js";
import type { Row } from "./charge-row.js";

/** A file's format: CSV with a header, or one JSON object per line. */
export type FileFormat = "csv" | "jsonl";

/** A file of charges. */
export interface RowSource {
  /** The path, or `-` for standard input. */
  readonly path: string;
  /** Default: determined by the name or the first character. */
  readonly format: FileFormat | undefined;
  /** The separator of CSV fields. */
  readonly delimiter: string;
  readonly stdin: Readable;
}

/** Returns the name of a source in messages. */
export function nameOf({ path }: RowSource): string {
  return path === "-" ? "Standard input" : path;
}

/**
 * Reads the rows of a file on demand.
 *
 * @param checkColumns - returns what is wrong with the columns of a CSV file
 * @throws CommandLineError if the file cannot be read
 */
export async function* readRows(
  source: RowSource,
  checkColumns: (names: readonly string[]) => string | null,
): AsyncGenerator<Row, void, undefined> {
  const { path, delimiter } = source;
  await checkFile(path);
  const bytes: Readable = path === "-" ? source.stdin : createReadStream(path);
  try {
    const blocks = wholeLines(bytes, nameOf(source));
    const first = await blocks.next();
    if (first.done) throw new CommandLineError(`${nameOf(source)} is empty`);
    const format = source.format ?? formatOf(path, first.value);
    const text = startingWith(first.value, blocks);
    if (format === "jsonl") {
      yield* jsonRows(text, first.value);
    } else {
      checkDelimiter(first.value, delimiter);
      yield* csvRows(text, delimiter, (names) => {
        const problem = checkColumns(names);
        if (problem !== null) throw new CommandLineError(`${nameOf(source)}: ${problem}`);
      });
    }
  } catch (error) {
    if (error instanceof CommandLineError || !(error instanceof Error)) throw error;
    throw new CommandLineError(`${nameOf(source)} cannot be read: ${reasonOf(error)}`);
  } finally {
    bytes.destroy();
  }
}

/**
 * Refuses sources that can be read only once or never end: a file is read twice, to check it and to
 * charge it.
 */
async function checkFile(path: string): Promise<void> {
  if (path === "-") return;
  const stats = await stat(path).catch((error: unknown) => {
    throw new CommandLineError(`${path} cannot be read: ${reasonOf(error)}`);
  });
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new CommandLineError(`${path} is a directory, not a file`);
  throw new CommandLineError(
    `${path} is ${stats.isFIFO() ? "a named pipe" : "not a regular file"}`,
    `Give - to read it from standard input: ${COMMAND} charge-file - < ${path}`,
  );
}

const LINE_FEED = 0x0a;

/**
 * Decodes UTF-8 in blocks of whole lines, as they arrive.
 *
 * @remarks
 * Not with the stream's own encoding: it turns invalid bytes into U+FFFD, and so two keys into one.
 */
async function* wholeLines(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest: Buffer[] = [];
  let line = 1;
  let first = true;
  const decode = (block: Buffer): string => {
    if (!isUtf8(block)) throw notUtf8(name, block, line);
    for (const byte of block) if (byte === LINE_FEED) line += 1;
    const text = decoder.decode(block);
    const content = first ? text.replace(/^\uFEFF/, "") : text;
    first = false;
    return content;
  };
  for await (const piece of bytes) {
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest.push(piece);
      continue;
    }
    const block = Buffer.concat([...rest, piece.subarray(0, end)]);
    rest = [piece.subarray(end)];
    yield decode(block);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield decode(last);
}

function notUtf8(name: string, block: Buffer, firstLine: number): CommandLineError {
  const save = "Save it as UTF-8; spreadsheets call that “CSV UTF-8”.";
  const mark = block.subarray(0, 2).toString("hex");
  if (mark === "fffe" || mark === "feff") {
    return new CommandLineError(`${name} is UTF-16, not UTF-8`, save);
  }
  let line = firstLine;
  let begin = 0;
  for (;;) {
    const end = block.indexOf(LINE_FEED, begin);
    if (end === -1 || !isUtf8(block.subarray(begin, end))) break;
    begin = end + 1;
    line += 1;
  }
  return new CommandLineError(`${name} is not UTF-8: line ${line} contains an invalid byte`, save);
}

async function* startingWith(
  first: string,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string, void, undefined> {
  yield first;
  yield* rest;
}

function formatOf(path: string, first: string): FileFormat {
  if (/\.(jsonl|ndjson|json)$/i.test(path)) return "jsonl";
  if (/\.(csv|tsv)$/i.test(path)) return "csv";
  return /^\s*[{[]/.test(first) ? "jsonl" : "csv";
}

async function* csvRows(
  text: AsyncIterable<string>,
  delimiter: string,
  checkColumns: (names: readonly string[]) => void,
): AsyncGenerator<Row> {
  const records: Parser & AsyncIterable<{ record: string[]; info: { lines: number } }> = parseCsv({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // Failures of both streams are thrown by the iteration.
  pipeline(Readable.from(text), records, () => undefined);
  let header: readonly string[] | null = null;
  for await (const { record, info } of records) {
    if (header === null) {
      header = record;
      checkColumns(header);
      continue;
    }
    const names = header;
    const content =
      record.length === names.length
        ? { fields: new Map(names.map((name, index) => [name, record[index]])) }
        : { problem: `has ${record.length} fields, but the header has ${names.length}` };
    yield { line: info.lines, content };
  }
}

/** Refuses a spreadsheet's semicolons. Otherwise the whole header would be one column. */
function checkDelimiter(first: string, delimiter: string): void {
  const [header = ""] = first.split(/[\r\n]/, 1);
  const other = [";", "\t", ",", "|"].find((mark) => mark !== delimiter && header.includes(mark));
  if (header.includes(delimiter) || other === undefined) return;
  throw new CommandLineError(
    `The fields are not separated by ${JSON.stringify(delimiter)}`,
    `Give --delimiter ${other === "\t" ? "tab" : JSON.stringify(other)}.`,
  );
}

async function* jsonRows(text: AsyncIterable<string>, first: string): AsyncGenerator<Row> {
  if (/^\s*\[/.test(first)) {
    throw new CommandLineError(
      "The file is a JSON array",
      `Give one object per line: jq -c '.[]' file.json | ${COMMAND} charge-file -`,
    );
  }
  let line = 0;
  for await (const block of text) {
    for (const json of block.replace(/\n$/, "").split("\n")) {
      line += 1;
      if (json.trim() !== "") yield { line, content: objectIn(json) };
    }
  }
}

/**
 * Reads a row with numbers as they are written: `JSON.parse` would round a long amount, and two
 * long ids to one.
 */
function objectIn(json: string): Row["content"] {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch (error) {
    return { problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value) ||
    isLosslessNumber(value)
  ) {
    return { problem: "is not a JSON object" };
  }
  return { fields: new Map(Object.entries(value)) };
}

/** Returns the column names of a file's first row. */
export async function firstColumns(source: RowSource): Promise<readonly string[]> {
  for await (const { content } of readRows(source, () => null)) {
    return "fields" in content ? [...content.fields.keys()] : [];
  }
  return [];
}
