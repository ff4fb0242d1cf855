import type { UsageRecord } from "shopify-usage-billing/react";

const COLUMNS = ["Date (UTC)", "Description", "Amount", "Currency", "Usage record"];

/** Quotes a field by RFC 4180 and keeps spreadsheets from reading a description as a formula. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Formats charges as CSV, with every digit of their amounts. */
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

/** Makes the browser save a file. */
export function download(name: string, csv: string): void {
  // The byte order mark tells spreadsheets that this is UTF-8.
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
