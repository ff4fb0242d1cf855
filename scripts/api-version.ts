/** The version of the package's main entry. It changes with a major release only. */
export const defaultApiVersion = "2025-01";

/**
 * The day that decides which versions are marked as retired, in UTC.
 *
 * Not the clock: the same sources must always generate the same files. Move it forward before a release;
 * `add-version` says when Shopify has retired another version.
 */
export const asOf = "2026-11-26";

/** A name that is not an API version's, or a version that cannot be used here. */
export class ApiVersionError extends Error {
  override name = "ApiVersionError" as const;
}

/** Returns the name of a version, which is a quarter or `unstable`. Rejects everything else. */
export function checkApiVersion(text: string): string {
  if (text !== "unstable" && !/^20\d\d-(01|04|07|10)$/.test(text)) {
    throw new ApiVersionError(
      `VERSION must be a year with the first month of a quarter, such as 2027-01, or unstable, got "${text}".`,
    );
  }
  return text;
}

/** The versions by age, oldest first; `unstable`, which is ahead of all, comes last. */
export function inOrder(versions: Iterable<string>): string[] {
  // Digits sort before letters, so the names sort by age.
  return [...versions].sort();
}

/** The newest version that is older than this one. */
export function previousVersion(version: string, versions: Iterable<string>): string | undefined {
  return inOrder(versions).findLast((other) => other < version);
}

/**
 * The day on which Shopify releases a version, and the day on which it stops serving it. `unstable` has
 * neither.
 *
 * Shopify releases a version on the first day of the quarter, 17:00 UTC, and supports it for at least
 * twelve months. Since 2025-07 the schedule grants access until the 16th, 15:00 UTC, a year later. Before
 * that it named the first day, so 2025-01 may have been retired two weeks earlier.
 *
 * Source: https://shopify.dev/docs/api/usage/versioning#release-schedule
 */
export function datesOf(version: string): { released: string; retires: string } | undefined {
  const [year, month] = version.split("-");
  if (year === undefined || month === undefined) return undefined;
  return { released: `${year}-${month}-01`, retires: `${Number(year) + 1}-${month}-16` };
}

/** Whether Shopify no longer serves a version on a day. */
export function isRetired(version: string, day: string = asOf): boolean {
  const dates = datesOf(version);
  return dates !== undefined && dates.retires <= day;
}

/** The version to use instead of a retired one: the newest that Shopify has released by that day. */
export function replacementFor(versions: Iterable<string>, day: string = asOf): string | undefined {
  return inOrder(versions).findLast((version) => {
    const dates = datesOf(version);
    return dates !== undefined && dates.released <= day && !isRetired(version, day);
  });
}
