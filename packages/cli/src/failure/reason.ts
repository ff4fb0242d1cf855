import { getSystemErrorMap } from "node:util";

/** Returns why something failed, in words: `no such file or directory (ENOENT)`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known =
    "errno" in error && typeof error.errno === "number"
      ? getSystemErrorMap().get(error.errno)
      : undefined;
  return known ? `${known[1]} (${known[0]})` : error.message;
}
