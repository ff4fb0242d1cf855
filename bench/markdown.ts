import type { Spread } from "./statistics.js";

/** A table; all columns but the first hold figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** A figure with so many digits behind the point. */
export function figure(value: number, digits = 2): string {
  return value.toFixed(digits);
}

/** A median with the quartiles beside it. */
export function spread({ median, lower, upper }: Spread, digits = 2): string {
  return `${figure(median, digits)} (${figure(lower, digits)}–${figure(upper, digits)})`;
}
