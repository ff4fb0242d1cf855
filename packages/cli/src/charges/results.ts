import { type BigIntStats, createReadStream, fstat } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Big } from "big.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { reasonOf } from "../failure/reason.js";
import type { Output } from "../output/output.js";
import { printableJson } from "../output/printable.js";
import type { RowInput } from "./charge-row.js";
import type { Outcome } from "./outcome.js";

/** The shop that the results belong to. */
export interface ResultsOwner {
  readonly shop: string;
  /** The origin of the server that is called instead of the shop's. `null` if there is none. */
  readonly origin: string | null;
}

/** Where results are written, one JSON object per line, and what earlier runs wrote there. */
export interface Results {
  /** Returns whether an earlier run charged this at this price. */
  wasCharged(input: RowInput): boolean;
  write(outcome: Outcome): Promise<void>;
  close(): Promise<void>;
}

/** What a later run has to know about a result. */
interface Charged {
  readonly amount: string;
  readonly currencyCode: string;
  readonly test: unknown;
}

/** Creates results that go to standard output, or nowhere. */
export function streamedResults(output: Output | null, owner: ResultsOwner): Results {
  return {
    wasCharged: () => false,
    write: async (outcome) => output?.json(resultLine(outcome, owner)),
    close: async () => undefined,
  };
}

/**
 * Opens a file of results, and continues one that exists.
 *
 * @throws CommandLineError if it belongs to another shop
 */
export async function resultsInFile(path: string, owner: ResultsOwner): Promise<Results> {
  const { charged, endsInLine } = await readEarlier(path, owner);
  const file = await open(path, "a").catch((error: unknown) => {
    throw new CommandLineError(`--results ${path} cannot be written: ${reasonOf(error)}`);
  });
  // One write at a time: half a line must not be followed by another.
  let last: Promise<unknown> = Promise.resolve();
  const append = (text: string): Promise<void> => {
    const next = last.then(() => file.appendFile(text));
    last = next.catch(() => undefined);
    return next;
  };
  // A run that was killed may have left half a line.
  if (!endsInLine) {
    await append("\n").catch(async (error: unknown) => {
      await file.close();
      throw new CommandLineError(
        `--results ${path} cannot be written: ${reasonOf(error)}. Nothing was charged`,
      );
    });
  }
  return {
    wasCharged: ({ idempotencyKey, price, isTest }) => {
      const earlier = charged.get(idempotencyKey);
      if (earlier === undefined) return false;
      // With --live: charges of an earlier run on a test subscription were never billed.
      if (isTest === false && earlier.test !== false) return false;
      // At another price it is sent, and the client reports the conflict.
      return (
        earlier.currencyCode === price.currencyCode &&
        Big(earlier.amount).minus(price.amount).abs().lt("0.01")
      );
    },
    write: (outcome) => append(`${printableJson(resultLine(outcome, owner))}\n`),
    close: async () => {
      await last;
      await file.close();
    },
  };
}

/**
 * Refuses to write results into the file of charges.
 *
 * @remarks
 * By device and inode, so that links, other spellings and redirections are noticed.
 */
export async function checkNotInput(results: string | undefined, input: string): Promise<void> {
  const source = await statsOf(input === "-" ? 0 : input);
  if (!source?.isFile()) return;
  const isSource = (stats: BigIntStats | null): boolean =>
    stats !== null && stats.dev === source.dev && stats.ino === source.ino;
  if (results !== undefined && isSource(await statsOf(results))) {
    throw new CommandLineError(
      `--results ${results} is the file of charges itself`,
      "Give another file.",
    );
  }
  if (isSource(await statsOf(1))) {
    throw new CommandLineError("Standard output goes into the file of charges itself");
  }
}

/** Returns the stats of a path or an open file. `null` if there is none. */
async function statsOf(file: string | number): Promise<BigIntStats | null> {
  try {
    return await (typeof file === "string"
      ? stat(file, { bigint: true })
      : promisify(fstat)(file, { bigint: true }));
  } catch {
    return null;
  }
}

function resultLine(outcome: Outcome, { shop, origin }: ResultsOwner): object {
  return { ...outcome, shop, ...(origin !== null && { origin }) };
}

async function readEarlier(
  path: string,
  owner: ResultsOwner,
): Promise<{ charged: ReadonlyMap<string, Charged>; endsInLine: boolean }> {
  const charged = new Map<string, Charged>();
  const endsInLine = await isWhole(path);
  if (endsInLine === null) return { charged, endsInLine: true };
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    line += 1;
    const result = readResult(text);
    if (result === "half") continue;
    if (result === "foreign") {
      throw new CommandLineError(
        `--results ${path} contains something other than results in line ${line}`,
        "Give a new file, or one that an earlier run wrote.",
      );
    }
    const { shop, origin = null, outcome, idempotencyKey, amount, currencyCode, test } = result;
    if (shop !== owner.shop || origin !== owner.origin) {
      throw new CommandLineError(
        `--results ${path} belongs to another shop or endpoint: line ${line} is from ${String(origin ?? shop)}`,
        "Give another file. Otherwise charges made there would be skipped here.",
      );
    }
    if (
      outcome === "charged" &&
      typeof idempotencyKey === "string" &&
      typeof amount === "string" &&
      typeof currencyCode === "string"
    ) {
      charged.set(idempotencyKey, { amount, currencyCode, test });
    }
  }
  return { charged, endsInLine };
}

/** Returns whether a file ends with a whole line. `null` if there is no readable file. */
async function isWhole(path: string): Promise<boolean | null> {
  let file: FileHandle | null = null;
  try {
    const stats = await stat(path);
    if (stats.isFIFO()) throw new Error("it is a named pipe");
    if (!stats.isFile()) return null;
    file = await open(path, "r");
    if (stats.size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, stats.size - 1);
    return buffer[0] === 0x0a;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CommandLineError(`--results ${path} cannot be used: ${reasonOf(error)}`);
  } finally {
    await file?.close();
  }
}

/** How every line of results begins. */
const BEGINNING = '{"line":';

type Result = Partial<Record<keyof Outcome | "shop" | "origin", unknown>>;

/** Reads a line of an earlier run. A killed run may have left half a line; any other text is foreign. */
function readResult(text: string): Result | "half" | "foreign" {
  if (text.trim() === "") return "half";
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "outcome" in value ? value : "foreign";
  } catch {
    return text.startsWith(BEGINNING) || BEGINNING.startsWith(text) ? "half" : "foreign";
  }
}
