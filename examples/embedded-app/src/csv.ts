import { stringify } from "csv-stringify/browser/esm/sync";
import type { UsageRecord } from "shopify-usage-billing/react";

const columns = ["Date (UTC)", "Description", "Amount", "Currency", "Usage record"];

/** Formats charges as CSV, with every digit of their amounts. */
export function toCsv(records: readonly UsageRecord[]): string {
  const rows = records.map(({ createdAt, description, price, id }) => [
    createdAt,
    description,
    price.amount,
    price.currencyCode,
    id,
  ]);
  return stringify(rows, {
    header: true,
    columns,
    record_delimiter: "windows",
    // The byte order mark tells spreadsheets that this is UTF-8.
    bom: true,
    // A merchant's spreadsheet must not run a description.
    escape_formulas: true,
  });
}

/** Makes the browser save a file. */
export function download(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
