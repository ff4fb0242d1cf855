import { createReadStream, createWriteStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { Big } from "big.js";
import { CommandLineError } from "../failure/command-line-error.js";
import { Output } from "../output/output.js";
import type { RowInput } from "./charge-row.js";
import type { Outcome } from "./outcome.js";

/** Whose results they are. */
export interface ResultsOwner {
  readonly shop: string;
  /** The server that is called instead of the shop's, whatever API version; null where there is none. */
  readonly origin: string | null;
}

/** Where results go, one JSON object a line, and what earlier runs have left there. */
export interface Results {
  /** Has an earlier run charged this, at this price? */
  wasCharged(input: RowInput): boolean;
  write(outcome: Outcome): Promise<void>;
  close(): Promise<void>;
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** A result as far as a later run has to know it. */
interface Charged {
  readonly amount: string;
  readonly currencyCode: string;
}

/** Results that go to standard output, or nowhere. */
export function streamedResults(output: Output | null, owner: ResultsOwner): Results {
  return {
    wasCharged: () => false,
    write: async (outcome) => output?.json(resultLine(outcome, owner)),
    close: async () => undefined,
  };
}

/** Results in a file; one that is there already is gone on with. @throws CommandLineError for one of another shop */
export async function resultsInFile(path: string, owner: ResultsOwner): Promise<Results> {
  const { charged, endsInLine } = await readEarlier(path, owner);
  const stream = createWriteStream(path, { flags: "a" });
  try {
    await once(stream, "open");
  } catch (error) {
    throw new CommandLineError(`--results ${path} cannot be written: ${reasonOf(error)}`);
  }
  const file = new Output(stream, {
    environment: {},
    colors: false,
    redact: (text) => text,
    optional: false,
  });
  // A run that was killed may have left half a line.
  if (!endsInLine) await file.line();
  return {
    wasCharged: ({ idempotencyKey, price }) => {
      const earlier = charged.get(idempotencyKey);
      // Of another price, it is sent: the client finds and tells the conflict.
      return (
        earlier !== undefined &&
        earlier.currencyCode === price.currencyCode &&
        Big(earlier.amount).minus(price.amount).abs().lt("0.01")
      );
    },
    write: (outcome) => file.json(resultLine(outcome, owner)),
    close: () =>
      new Promise((resolve) => {
        stream.end(resolve);
      }),
  };
}

function resultLine(outcome: Outcome, { shop, origin }: ResultsOwner): object {
  return { ...outcome, shop, ...(origin !== null && { origin }) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
    if (!result) continue;
    const { shop, origin = null, outcome, idempotencyKey, amount, currencyCode } = result;
    if (shop !== owner.shop || origin !== owner.origin) {
      throw new CommandLineError(
        `--results ${path} is of another shop or endpoint: line ${line} is of ${String(origin ?? shop)}`,
        "Give another file: what was charged elsewhere must not be skipped here.",
      );
    }
    if (
      outcome === "charged" &&
      typeof idempotencyKey === "string" &&
      typeof amount === "string" &&
      DECIMAL.test(amount) &&
      typeof currencyCode === "string"
    ) {
      charged.set(idempotencyKey, { amount, currencyCode });
    }
  }
  return { charged, endsInLine };
}

/** Does the file end with a whole line? Null where there is no file. */
async function isWhole(path: string): Promise<boolean | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, "r");
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CommandLineError(`--results ${path} cannot be read: ${reasonOf(error)}`);
  } finally {
    await file?.close();
  }
}

/** A line of an earlier run; null for half a line, or for the summary. */
function readResult(
  text: string,
): Partial<Record<keyof Outcome | "shop" | "origin", unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("outcome" in value)) return null;
    return value;
  } catch {
    return null;
  }
}
