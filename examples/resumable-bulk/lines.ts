import { createReadStream } from "node:fs";
import { createInterface } from "node:readline/promises";

/** The lines of a file that hold something, read no faster than they are used. */
export async function* linesOf(file: string): AsyncGenerator<string, void, undefined> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const line of lines) if (line.trim() !== "") yield line;
}
