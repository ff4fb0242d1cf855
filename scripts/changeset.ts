import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Changes } from "./changes.js";

/** What semver calls a release. */
export type Release = "major" | "minor" | "patch";

const packageName = "shopify-usage-billing";

/** What has happened to a version since the last release of this package. */
type Event = "add" | "update" | "remove";

function changesetFile(event: Event, version: string): string {
  return `.changeset/${event}-${version}.md`;
}

function textOf(release: Release, summary: string): string {
  return `---\n"${packageName}": ${release}\n---\n\n${summary}\n`;
}

/** The changeset of a new version. */
export function changesetOfAddition(version: string, summary: string): Changes {
  return new Map([[changesetFile("add", version), textOf("minor", summary)]]);
}

/**
 * The changeset of a version that was downloaded again, added to an earlier one that is not released yet.
 *
 * A version that is itself not released yet needs none.
 */
export function changesetOfUpdate(
  root: string,
  version: string,
  release: Release,
  summary: string,
): Changes {
  if (existsSync(join(root, changesetFile("add", version)))) return new Map();
  const path = changesetFile("update", version);
  const file = join(root, path);
  const earlier = existsSync(file) ? readFileSync(file, "utf8") : textOf("patch", "");
  const [, before = "patch", text = ""] =
    /^---\n"[^"]+": (\w+)\n---\n\n(.*)\n$/s.exec(earlier) ?? [];
  const releases: readonly Release[] = ["patch", "minor", "major"];
  const strongest = releases.findLast((each) => each === before || each === release) ?? release;
  return new Map([[path, textOf(strongest, text === "" ? summary : `${text}\n\n${summary}`)]]);
}

/**
 * The changeset of a version that is removed. What was noted about the version before is obsolete.
 *
 * A version that was never released needs none.
 */
export function changesetOfRemoval(root: string, version: string, summary: string): Changes {
  const isReleased = !existsSync(join(root, changesetFile("add", version)));
  return new Map([
    [changesetFile("add", version), null],
    [changesetFile("update", version), null],
    ...(isReleased ? [[changesetFile("remove", version), textOf("major", summary)] as const] : []),
  ]);
}
