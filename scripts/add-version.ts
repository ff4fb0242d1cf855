import { buildSchema } from "graphql";
import { schemasIn } from "../codegen.js";
import {
  asOf,
  checkApiVersion,
  datesOf,
  inOrder,
  isRetired,
  previousVersion,
} from "./api-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { changesetOfAddition, changesetOfUpdate, type Release } from "./changeset.js";
import { derivedFiles } from "./derived-files.js";
import { publicSchemaEndpoint, readIntrospection } from "./introspection.js";
import { describe, readOperations, type OperationProblem } from "./operations.js";
import {
  checkSchemas,
  isReleaseCandidate,
  originOf,
  printProvenance,
  provenanceFile,
  readProvenance,
  sha256Of,
  today,
  type Origin,
} from "./provenance.js";
import { diffSchemas, isSame, printDiff, type SchemaDiff } from "./schema-diff.js";
import { schemaFile, vendorSchema } from "./vendored-schema.js";

export interface AddVersionOptions {
  readonly root: string;
  readonly version: string;
  /** A file, a URL, or `npm:PACKAGE@VERSION#PATH`; by default Shopify's public endpoint. */
  readonly from?: string | undefined;
  /** Called with each line of progress. */
  readonly say?: (line: string) => void;
  /** Called before anything is written; nothing is written if it throws. */
  readonly verify?: (changes: Changes) => Promise<void>;
}

/**
 * Adds a version, or updates one that is already there.
 *
 * Everything is made and checked before the first file is written.
 *
 * @returns A report of what changed, in Markdown.
 * @throws ApiVersionError, ProvenanceError, SchemaSourceError, InvalidOperationsError, UnusablePartError
 */
export async function addVersion({
  root,
  version: given,
  from,
  say = () => {},
  verify = async () => {},
}: AddVersionOptions): Promise<string> {
  const version = checkApiVersion(given);
  const schemas = schemasIn(root);
  const { [version]: originBefore, ...others } = readProvenance(root);
  const found = schemas.get(version);
  schemas.delete(version);
  checkSchemas(schemas, others);
  const isEdited = found !== undefined && originBefore?.schemaSha256 !== sha256Of(found);
  if (isEdited) say(`${schemaFile(version)} was edited by hand and is replaced`);
  const before = isEdited ? undefined : found;
  const previous = previousVersion(version, schemas.keys());
  const previousSdl = previous === undefined ? undefined : schemas.get(previous);

  const source = from ?? publicSchemaEndpoint(version);
  say(`Reading the schema of ${version} from ${source}`);
  const introspection = await readIntrospection(source);

  const operations = readOperations(root);
  const reasons = before ?? previousSdl;
  const vendored = vendorSchema(
    version,
    introspection,
    operations,
    reasons === undefined ? undefined : buildSchema(reasons),
  );
  const { sdl, deprecated } = vendored;
  say(`The operations are valid in ${version}; the part has ${sdl.length} characters`);

  const sincePrevious = previousSdl === undefined ? undefined : await diffSchemas(previousSdl, sdl);
  // Reported now, because one of them may be why the result does not compile.
  for (const { message } of sincePrevious?.breaking ?? []) {
    say(`Breaking since ${previous}: ${message}`);
  }
  const sinceBefore = before === undefined ? undefined : await diffSchemas(before, sdl);

  const origin = originOf(introspection, vendored, originBefore);
  const provenance = { ...others, [version]: origin };
  const release = sinceBefore
    ? updatedEntry(version, origin, sinceBefore)
    : originBefore
      ? replacedEntry(version, origin, originBefore)
      : newEntry(version, previous, sincePrevious);
  schemas.set(version, sdl);
  const inTheirOrder = new Map(
    inOrder(schemas.keys()).map((name) => [name, schemas.get(name) ?? ""]),
  );
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, inTheirOrder, provenance)),
      [schemaFile(version), sdl],
      [provenanceFile, printProvenance(provenance)],
      ...changesetOf(root, version, release, originBefore === undefined),
    ]),
  );
  const report = [
    heading(version, origin),
    operationsSection(version, deprecated),
    ...(sincePrevious ? [`## ${previous} → ${version}\n\n${printDiff(sincePrevious)}`] : []),
    ...(sinceBefore
      ? [
          `## ${version} itself, since ${originBefore?.retrieved ?? "it was added"}\n\n${printDiff(sinceBefore)}`,
        ]
      : []),
    ...outsideSection(
      origin.leftOut,
      originBefore?.leftOut ?? (previous === undefined ? undefined : others[previous]?.leftOut),
    ),
    ...retiredSection(schemas.keys()),
    [`## Release: ${release.type ?? "none"}`, ...(release.reason ? [release.reason] : [])].join(
      "\n\n",
    ),
  ].join("\n\n");

  await verify(changes);
  applyChanges(root, changes);
  for (const path of changes.keys()) say(`Wrote ${path}`);
  return report;
}

function heading(version: string, origin: Origin): string {
  const dates = datesOf(version);
  return [
    `# Admin API ${version}`,
    ...(dates ? [`Released ${dates.released}, served until ${dates.retires}.`] : []),
    `Schema: ${origin.source}, ${origin.published === null ? "publication date unknown" : `published ${origin.published}`}, downloaded ${origin.retrieved}.`,
    ...(isReleaseCandidate(version, origin)
      ? [
          `This is a **release candidate**, which can still change: the schema is older than the version. Run \`npm run add-version -- ${version}\` again after ${dates?.released}.`,
        ]
      : []),
  ].join("\n\n");
}

function operationsSection(version: string, deprecated: readonly OperationProblem[]): string {
  return deprecated.length === 0
    ? `All operations are valid in the full schema of ${version}, and none uses anything deprecated.`
    : [
        `All operations are valid in the full schema of ${version}. Some use what is deprecated:`,
        deprecated.map((problem) => `- ${describe(problem)}`).join("\n"),
      ].join("\n\n");
}

/** Lists what is about apps, new, and not part of this package: it may be about billing. */
function outsideSection(leftOut: readonly string[], before: readonly string[] = []): string[] {
  const added = leftOut.filter((coordinate) => !before.includes(coordinate));
  if (added.length === 0) return [];
  return [
    [
      "## New outside of the part",
      added.map((coordinate) => `- \`${coordinate}\``).join("\n"),
      "These are about apps, but reach no billing type, so this package leaves them out. If one of " +
        "them is about billing, add its types to `billing` in scripts/billing-part.ts and add the " +
        "version again.",
    ].join("\n\n"),
  ];
}

function retiredSection(versions: Iterable<string>): string[] {
  const retired = inOrder(versions).filter(
    (version) => !isRetired(version) && isRetired(version, today()),
  );
  if (retired.length === 0) return [];
  return [
    `## Retired since ${asOf}\n\nShopify no longer serves ${retired.join(" and ")}. Set \`asOf\` in scripts/api-version.ts to today and run \`npm run generate\`, which marks the entry as deprecated.`,
  ];
}

/** The release that a change calls for by semver, and why. */
interface ReleasePlan {
  /** `null` if there is nothing to release. */
  readonly type: Release | null;
  readonly reason?: string;
  /** The changeset's text. */
  readonly summary: string;
}

function newEntry(
  version: string,
  previous: string | undefined,
  changes: SchemaDiff | undefined,
): ReleasePlan {
  const entry = `A new entry, \`shopify-usage-billing/${version}\`. The others stay as they are.`;
  return {
    type: "minor",
    reason:
      changes && changes.breaking.length > 0
        ? `${entry} An app meets the breaking changes when it changes its import path from ${previous}.`
        : entry,
    summary: `Add Admin API ${version}: \`shopify-usage-billing/${version}\`.`,
  };
}

/** What semver calls for when the part that was released is no longer there to compare with. */
function replacedEntry(version: string, origin: Origin, before: Origin): ReleasePlan {
  return origin.schemaSha256 === before.schemaSha256
    ? { type: null, reason: "The part is as it was recorded.", summary: "" }
    : {
        type: "minor",
        reason:
          "The part differs from the one that was recorded: check by hand whether it is breaking.",
        summary: `Update Admin API ${version} to Shopify's schema of ${origin.published ?? origin.retrieved}.`,
      };
}

/** What semver calls for when an entry that was released changes. */
function updatedEntry(version: string, origin: Origin, changes: SchemaDiff): ReleasePlan {
  const summary = [
    `Update Admin API ${version} to Shopify's schema of ${origin.published ?? origin.retrieved}.`,
    ...[...changes.breaking, ...changes.dangerous].map(({ message }) => message),
  ].join("\n\n");
  if (changes.breaking.length > 0) {
    return version === "unstable"
      ? {
          type: "minor",
          reason:
            "The changes are breaking, which the documentation allows for `unstable` in any release.",
          summary,
        }
      : { type: "major", reason: "Apps that import this version may no longer compile.", summary };
  }
  if (!isSame(changes)) return { type: "minor", summary };
  return { type: changes.descriptions > 0 ? "patch" : null, summary };
}

function changesetOf(
  root: string,
  version: string,
  { type, summary }: ReleasePlan,
  isNew: boolean,
): Changes {
  if (type === null) return new Map();
  return isNew
    ? changesetOfAddition(version, summary)
    : changesetOfUpdate(root, version, type, summary);
}
