import { moment } from "../../output/moment.js";

/** Formats a time without its date: `05:06:47`, which is UTC. */
export function timeOfDay(at: number): string {
  return moment(new Date(at).toISOString()).slice(11);
}

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });

/** Groups rows by their day, in the order given. */
export function byDay<Row extends { readonly at: number }>(
  rows: readonly Row[],
): readonly (readonly [day: string, rows: readonly Row[]])[] {
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const day = DAY.format(row.at);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return [...days];
}

/** Whether the page has been open for a while, so that a row that comes now is new. */
export function isLate(): boolean {
  return performance.now() > 2000;
}
