import {
  type ApiVersion,
  type ApiVersionDates,
  apiVersions,
} from "shopify-usage-billing/api-versions";
import { CommandLineError } from "../failure/command-line-error.js";

/** Whether Shopify serves a version at a given time. */
export type Support = "retired" | "supported" | "upcoming" | "unstable";

/** Returns whether Shopify serves a version at a given time, by its schedule in UTC. */
export function supportOf({ released, retires }: ApiVersionDates, now: number): Support {
  if (released === null || retires === null) return "unstable";
  if (now < Date.parse(`${released}T17:00:00Z`)) return "upcoming";
  return now < Date.parse(`${retires}T15:00:00Z`) ? "supported" : "retired";
}

/** Returns the default version: the newest that Shopify has released. */
export function currentApiVersion(now: number): ApiVersion {
  const released = apiVersions.filter(({ released }) => released !== null);
  const current = released.findLast((version) => supportOf(version, now) !== "upcoming");
  return (current ?? released[0] ?? apiVersions[0])?.handle ?? "unstable";
}

/** Returns the version with a name. @throws CommandLineError if it is unknown */
export function checkApiVersion(name: string): ApiVersion {
  const found = apiVersions.find(({ handle }) => handle === name);
  if (found) return found.handle;
  throw new CommandLineError(
    `Unknown API version ${JSON.stringify(name)}`,
    `Expected one of ${apiVersions.map(({ handle }) => handle).join(", ")}.`,
  );
}
