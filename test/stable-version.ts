import { apiVersions, type ApiVersion } from "../src/api-versions.js";

/**
 * Returns a stable API version by age: 0 is the oldest, -1 the newest.
 *
 * Tests that need just any version take it from here, so that none changes when one is added or removed.
 */
export function stableVersion(index: number): ApiVersion {
  const version = apiVersions.filter(({ released }) => released !== null).at(index);
  if (version === undefined) throw new Error(`There is no stable version at ${index}.`);
  return version.handle;
}
