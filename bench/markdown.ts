import type { Spread } from "./statistics.js";

/** Formats a table. All columns but the first contain figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Formats a figure with the given number of decimals. */
export function figure(value: number, digits = 2): string {
  return value.toFixed(digits);
}

/** Formats a median with its quartiles. */
export function spread({ median, lower, upper }: Spread, digits = 2): string {
  return `${figure(median, digits)} (${figure(lower, digits)}–${figure(upper, digits)})`;
}

/** Formats a program's output. */
export function fence(printed: string): string {
  return ["```text", printed.trim(), "```"].join("\n");
}
