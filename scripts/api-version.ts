/** The version of the package's main entry. It changes with a major release only. */
export const defaultApiVersion = "2025-01";

/** What was given does not name an API version, or not one that will do here. */
export class ApiVersionError extends Error {
  override name = "ApiVersionError" as const;
}

/** Refuses everything that Shopify cannot have named a version: quarters and `unstable` it may be. */
export function checkApiVersion(text: string): string {
  if (text !== "unstable" && !/^20\d\d-(01|04|07|10)$/.test(text)) {
    throw new ApiVersionError(
      `"${text}" is no API version: Shopify names them by year and first month of the quarter, ` +
        "such as 2027-01, and one `unstable`.",
    );
  }
  return text;
}

/** Oldest first; `unstable`, which is ahead of all, last. */
export function inOrder(versions: Iterable<string>): string[] {
  // Digits sort before letters, so the names sort by age.
  return [...versions].sort();
}

/** The version that one would come from: the newest that is older. */
export function previousVersion(version: string, versions: Iterable<string>): string | undefined {
  return inOrder(versions).findLast((other) => other < version);
}

/**
 * When Shopify releases a version, and when it stops to serve it; `unstable` has no dates.
 *
 * Released on the first day of the quarter, 17:00 UTC, and supported for at least twelve months;
 * since 2025-07 the schedule grants access until the 16th, 15:00 UTC, a year later. Before, it named
 * the first day, so 2025-01 may have gone two weeks earlier than said here.
 *
 * Source: https://shopify.dev/docs/api/usage/versioning#release-schedule
 */
export function datesOf(version: string): { released: string; retires: string } | undefined {
  const [year, month] = version.split("-");
  if (year === undefined || month === undefined) return undefined;
  return { released: `${year}-${month}-01`, retires: `${Number(year) + 1}-${month}-16` };
}
