/** Rows below their headings, in columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  const rule = `  ${widths.map((width) => "─".repeat(width)).join("  ")}`;
  return [line(headings), rule, ...rows.map(line), ""].join("\n");
}

const WIDTH = 40;

/** The balance against the cap, as a bar. A drawing may be a float; what is charged may not. */
export function bar(used: string, cap: string, currency: string): string {
  const part = Math.min(1, Math.max(0, Number(used) / Number(cap)));
  const filled = Math.round(part * WIDTH);
  const drawn = "█".repeat(filled) + "░".repeat(WIDTH - filled);
  return `  ${drawn} ${used} of ${cap} ${currency} (${Math.round(part * 100)} %)`;
}
