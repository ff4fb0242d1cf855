import { buildSchema } from "graphql";
import { schemasIn } from "../codegen.js";
import { checkApiVersion, datesOf, previousVersion } from "./api-version.js";
import { applyChanges, pendingChanges } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { publicSchemaEndpoint, readIntrospection } from "./introspection.js";
import { describe, readOperations, type OperationProblem } from "./operations.js";
import { originOf, printProvenance, provenanceFile, readProvenance } from "./provenance.js";
import { diffSchemas, isSame, printDiff, type SchemaDiff } from "./schema-diff.js";
import { schemaFile, vendorSchema } from "./vendored-schema.js";

export interface AddVersionOptions {
  readonly root: string;
  readonly version: string;
  /** A file, a URL, or `npm:PACKAGE@VERSION#PATH`; by default Shopify's public endpoint. */
  readonly from?: string | undefined;
  /** Told what is being done. */
  readonly say?: (line: string) => void;
  /** Called with the paths of the files when they are in place; if it throws, all is undone. */
  readonly verify?: (files: string[]) => Promise<void>;
}

/**
 * Adds a version, or fetches one that is there already anew.
 *
 * Everything is made and checked before the first file is written, and taken back if writing fails.
 *
 * @returns What changed, in Markdown.
 * @throws ApiVersionError, SchemaSourceError, InvalidOperationsError, UnusablePartError
 */
export async function addVersion({
  root,
  version: given,
  from,
  say = () => {},
  verify,
}: AddVersionOptions): Promise<string> {
  const version = checkApiVersion(given);
  const schemas = schemasIn(root);
  const provenance = readProvenance(root);
  const before = schemas.get(version);
  const previous = previousVersion(version, schemas.keys());
  const previousSdl = previous === undefined ? undefined : schemas.get(previous);

  const source = from ?? publicSchemaEndpoint(version);
  say(`Reading the schema of ${version} from ${source}`);
  const introspection = await readIntrospection(source);

  const operations = readOperations(root);
  const reasons = before ?? previousSdl;
  const { sdl, deprecated } = vendorSchema(
    version,
    introspection,
    operations,
    reasons === undefined ? undefined : buildSchema(reasons),
  );
  say(`The operations are valid in ${version}; the part has ${sdl.length} characters`);

  const sincePrevious = previousSdl === undefined ? undefined : await diffSchemas(previousSdl, sdl);
  // Said now, because one of them may be why the result does not compile.
  for (const { message } of sincePrevious?.breaking ?? []) {
    say(`Breaking since ${previous}: ${message}`);
  }

  const origin = originOf(introspection, sdl, provenance[version]);
  const all = new Map([...schemas, [version, sdl]]);
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, all, say)),
      [schemaFile(version), sdl],
      [provenanceFile, printProvenance({ ...provenance, [version]: origin })],
    ]),
  );
  await applyChanges(root, changes, verify && (() => verify([...changes.keys()])));
  for (const path of changes.keys()) say(`Wrote ${path}`);

  return [
    heading(version, introspection.source),
    operationsSection(version, deprecated),
    ...(sincePrevious ? [`## ${previous} → ${version}\n\n${printDiff(sincePrevious)}`] : []),
    ...(before === undefined
      ? [newEntry(version, previous, sincePrevious)]
      : await refreshed(version, provenance[version]?.retrieved, before, sdl)),
  ].join("\n\n");
}

function heading(version: string, source: string): string {
  const dates = datesOf(version);
  return [
    `# Admin API ${version}`,
    ...(dates ? [`Released ${dates.released}, served until ${dates.retires}.`] : []),
    `Schema: ${source}`,
  ].join("\n\n");
}

function operationsSection(version: string, deprecated: readonly OperationProblem[]): string {
  return deprecated.length === 0
    ? `All operations are valid against the full schema of ${version}, and use nothing deprecated.`
    : [
        `All operations are valid against the full schema of ${version}. Some use what is deprecated:`,
        deprecated.map((problem) => `- ${describe(problem)}`).join("\n"),
      ].join("\n\n");
}

function newEntry(
  version: string,
  previous: string | undefined,
  changes: SchemaDiff | undefined,
): string {
  const entry = `A new entry, \`shopify-usage-billing/${version}\`; the others are as they were.`;
  return [
    "## Release: minor",
    changes && changes.breaking.length > 0
      ? `${entry} An app meets the breaking changes when it changes its import path from ${previous}.`
      : entry,
  ].join("\n\n");
}

async function refreshed(
  version: string,
  retrieved: string | undefined,
  before: string,
  after: string,
): Promise<string[]> {
  const changes = await diffSchemas(before, after);
  return [
    `## ${version} itself, since ${retrieved ?? "it was added"}\n\n${printDiff(changes)}`,
    releaseFor(version, changes),
  ];
}

/** What semver calls for when an entry that was released changes. */
function releaseFor(version: string, changes: SchemaDiff): string {
  if (changes.breaking.length > 0) {
    return version === "unstable"
      ? "## Release: minor\n\nThere are breaking changes, which `unstable` is documented to have in any release."
      : "## Release: major\n\nApps that import this version may no longer compile.";
  }
  if (!isSame(changes)) return "## Release: minor";
  return changes.descriptions > 0 ? "## Release: patch" : "## Release: none";
}
