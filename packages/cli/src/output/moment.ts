/** Milliseconds. */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Shopify's `2026-01-31T12:00:00Z` for people: `2026-01-31 12:00:00`, which is UTC. */
export function moment(dateTime: string): string {
  return dateTime.replace("T", " ").replace(/(?:\.\d+)?Z$/, "");
}

/** How far away a time is: `in 12 days`, `3 hours ago`. */
export function distance(milliseconds: number): string {
  const span = Math.abs(milliseconds);
  const [count, unit] =
    span >= 2 * DAY
      ? [span / DAY, "days"]
      : span >= 2 * HOUR
        ? [span / HOUR, "hours"]
        : [span / MINUTE, "minutes"];
  const text = `${Math.round(count)} ${unit}`;
  return milliseconds < 0 ? `${text} ago` : `in ${text}`;
}

/** A duration as a clock shows it: `0:07`, `12:34`, `1:00:00`. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / SECOND);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => String(part).padStart(index === 0 ? 1 : 2, "0")).join(":");
}
