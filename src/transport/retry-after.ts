/** Milliseconds. A JavaScript timer that is set to more than 2 ** 31 - 1 of them fires at once. */
export const LONGEST_WAIT: number = 24 * 60 * 60 * 1000;

/**
 * Reads the wait that a `Retry-After` header asks for, in milliseconds, at most a day. `null` if it is absent or
 * unreadable.
 *
 * @param header - seconds, decimal seconds (`"2.0"`, as Shopify sends them) or an HTTP date
 * @param now - milliseconds since the epoch
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), LONGEST_WAIT);
  // An HTTP date names its day and month; without letters `Date.parse` would make a year of "-5".
  if (!/[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(0, date - now), LONGEST_WAIT);
}
