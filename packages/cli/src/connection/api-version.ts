import {
  type ApiVersion,
  type ApiVersionDates,
  apiVersions,
} from "shopify-usage-billing/api-versions";
import { CommandLineError } from "../failure/command-line-error.js";

/** Whether Shopify serves a version at a time. */
export type Support = "retired" | "supported" | "upcoming" | "unstable";

/** Whether Shopify serves a version at a time; the hours are those of its schedule, in UTC. */
export function supportOf({ released, retires }: ApiVersionDates, now: number): Support {
  if (released === null || retires === null) return "unstable";
  if (now < Date.parse(`${released}T17:00:00Z`)) return "upcoming";
  return now < Date.parse(`${retires}T15:00:00Z`) ? "supported" : "retired";
}

/** The version that is used where none is named: the newest that Shopify has released. */
export function currentApiVersion(now: number): ApiVersion {
  const released = apiVersions.filter(({ released }) => released !== null);
  const current = released.findLast((version) => supportOf(version, now) !== "upcoming");
  return (current ?? released[0] ?? apiVersions[0])?.handle ?? "unstable";
}

/** Checks a version's name. @throws CommandLineError */
export function checkApiVersion(name: string): ApiVersion {
  const found = apiVersions.find(({ handle }) => handle === name);
  if (found) return found.handle;
  throw new CommandLineError(
    `--api-version ${name} is not known`,
    `Known are ${apiVersions.map(({ handle }) => handle).join(", ")}; see \`usage-billing versions\`.`,
  );
}
