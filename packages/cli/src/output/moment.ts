import prettyMilliseconds from "pretty-ms";

/** Milliseconds. */
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats Shopify's `2026-01-31T12:00:00Z` as `2026-01-31 12:00:00`, which is UTC. */
export function moment(dateTime: string): string {
  return dateTime.replace("T", " ").replace(/(?:\.\d+)?Z$/, "");
}

/** Formats how far away a time is: `in 12 days`, `3 hours ago`. */
export function distance(milliseconds: number): string {
  const span = Math.abs(milliseconds);
  const unit = span >= 2 * DAY ? DAY : span >= 2 * HOUR ? HOUR : MINUTE;
  const rounded = Math.round(span / unit) * unit;
  if (rounded === 0) return "now";
  const text = prettyMilliseconds(rounded, { verbose: true, unitCount: 2, hideYear: true });
  return milliseconds < 0 ? `${text} ago` : `in ${text}`;
}

/** Formats a duration like a clock: `0:07`, `12:34`, `1:00:00`. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000) * 1000;
  return prettyMilliseconds(seconds, { colonNotation: true, secondsDecimalDigits: 0 });
}
