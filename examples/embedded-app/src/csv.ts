import type { UsageRecord } from "shopify-usage-billing/react";

const COLUMNS = ["Date (UTC)", "Description", "Amount", "Currency", "Usage record"];

/** A field as RFC 4180 has it; a spreadsheet must not take what a description begins with for a formula. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The charges as CSV, amounts to the last digit. */
export function toCsv(records: readonly UsageRecord[]): string {
  const rows = records.map(({ createdAt, description, price, id }) => [
    createdAt,
    field(description),
    price.amount,
    price.currencyCode,
    id,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** Lets the browser save a file. */
export function download(name: string, csv: string): void {
  // The byte order mark tells spreadsheets that this is UTF-8.
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
