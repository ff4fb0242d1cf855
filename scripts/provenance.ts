import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Introspection } from "./introspection.js";

/** Where a version's part comes from. */
export interface Origin {
  /** `npm:PACKAGE@VERSION#PATH`, a URL, or `file:NAME`. */
  readonly source: string;
  /** SHA-256 of the source's introspection JSON, unpacked. */
  readonly sourceSha256: string;
  /** The day it was fetched, in UTC. */
  readonly retrieved: string;
  /** SHA-256 of the file in `schema/`. */
  readonly schemaSha256: string;
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

/** The origin of a part, with the earlier day if the same bytes were fetched before. */
export function originOf(
  { source, sha256 }: Introspection,
  schema: string,
  before: Origin | undefined,
): Origin {
  const unchanged = before?.source === source && before.sourceSha256 === sha256;
  return {
    source,
    sourceSha256: sha256,
    retrieved: unchanged ? before.retrieved : new Date().toISOString().slice(0, 10),
    schemaSha256: createHash("sha256").update(schema).digest("hex"),
  };
}
