import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { datesOf } from "./api-version.js";
import type { Introspection } from "./introspection.js";
import { schemaFile } from "./vendored-schema.js";

/** Where a version's part comes from. */
export interface Origin {
  /** `npm:PACKAGE@VERSION#PATH`, a URL, or `file:NAME`. */
  readonly source: string;
  /** SHA-256 of the source's introspection JSON, unpacked. */
  readonly sourceSha256: string;
  /**
   * The day on which the source was published, in UTC: the package's release, the file's
   * `Last-Modified`, or the day on which the endpoint answered. `null` if the source does not say.
   */
  readonly published: string | null;
  /** The day on which the source was downloaded, in UTC. */
  readonly retrieved: string;
  /** SHA-256 of the file in `schema/`. */
  readonly schemaSha256: string;
  /** What is about apps and stays outside of the part, by coordinate. */
  readonly leftOut: readonly string[];
}

export type Provenance = Readonly<Record<string, Origin>>;

export const provenanceFile = "schema/provenance.json";

export function readProvenance(root: string): Provenance {
  const file = join(root, provenanceFile);
  if (!existsSync(file)) return {};
  // Our own file, which `printProvenance` wrote.
  return JSON.parse(readFileSync(file, "utf8")) as Provenance;
}

export function printProvenance(provenance: Provenance): string {
  const sorted = Object.keys(provenance).sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((v) => [v, provenance[v]])), null, 2)}\n`;
}

/** Returns the origin of a part. Its days stay as they were if the same bytes were downloaded before. */
export function originOf(
  { source, sha256, published }: Introspection,
  { sdl, leftOut }: { readonly sdl: string; readonly leftOut: readonly string[] },
  before: Origin | undefined,
): Origin {
  const unchanged = before?.source === source && before.sourceSha256 === sha256;
  return {
    source,
    sourceSha256: sha256,
    published: (unchanged ? before.published : null) ?? published,
    retrieved: unchanged ? before.retrieved : today(),
    schemaSha256: sha256Of(sdl),
    leftOut,
  };
}

/**
 * Whether a version's schema is older than the version itself: until its release day, Shopify offers it
 * as a release candidate, which can still change.
 */
export function isReleaseCandidate(version: string, { published, retrieved }: Origin): boolean {
  const released = datesOf(version)?.released;
  return released !== undefined && (published ?? retrieved) < released;
}

/** A file in `schema/` that is not what was recorded when it was made. */
export class ProvenanceError extends Error {
  override name = "ProvenanceError" as const;
}

/**
 * Compares the parts with what is recorded about them.
 *
 * @returns What does not match, one line each.
 */
export function schemaMismatches(
  schemas: ReadonlyMap<string, string>,
  provenance: Provenance,
): string[] {
  const again = (version: string): string =>
    `undo the edit, or run \`npm run add-version -- ${version}\` to download it again`;
  return [
    ...Array.from(schemas).flatMap(([version, sdl]) => {
      const origin = provenance[version];
      if (origin === undefined) {
        return [`${schemaFile(version)} has no entry in ${provenanceFile}: ${again(version)}.`];
      }
      return sha256Of(sdl) === origin.schemaSha256
        ? []
        : [`${schemaFile(version)} does not match ${provenanceFile}: ${again(version)}.`];
    }),
    ...Object.keys(provenance)
      .filter((version) => !schemas.has(version))
      .map(
        (version) =>
          `${schemaFile(version)} is missing: restore it, or run \`npm run add-version -- ${version}\`.`,
      ),
  ];
}

/** @throws ProvenanceError if a part is not what is recorded */
export function checkSchemas(schemas: ReadonlyMap<string, string>, provenance: Provenance): void {
  const mismatches = schemaMismatches(schemas, provenance);
  if (mismatches.length > 0) throw new ProvenanceError(mismatches.join("\n"));
}

/** Today in UTC, as `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
