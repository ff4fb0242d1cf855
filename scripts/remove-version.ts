import { schemasIn } from "../codegen.js";
import { ApiVersionError, defaultApiVersion, inOrder, replacementFor } from "./api-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { changesetOfRemoval } from "./changeset.js";
import { derivedFiles } from "./derived-files.js";
import { importingFiles } from "./importing-files.js";
import { checkSchemas, printProvenance, provenanceFile, readProvenance } from "./provenance.js";
import { schemaFile } from "./vendored-schema.js";

export interface RemoveVersionOptions {
  readonly root: string;
  readonly version: string;
  /** Called with each line of progress. */
  readonly say?: (line: string) => void;
  /** Called before anything is written; nothing is written if it throws. */
  readonly verify?: (changes: Changes) => Promise<void>;
}

/**
 * Removes a version with everything that was made for it.
 *
 * @returns What that means for the next release, in Markdown.
 * @throws ApiVersionError if the version is not there, or is the main entry's
 * @throws ProvenanceError
 */
export async function removeVersion({
  root,
  version,
  say = () => {},
  verify = async () => {},
}: RemoveVersionOptions): Promise<string> {
  const { [version]: _, ...provenance } = readProvenance(root);
  const schemas = schemasIn(root);
  if (!schemas.delete(version)) {
    throw new ApiVersionError(
      `There is no ${version}; expected one of ${inOrder(schemas.keys()).join(", ")}.`,
    );
  }
  if (version === defaultApiVersion) {
    throw new ApiVersionError(
      `${version} is the version of the main entry. To remove it, change \`defaultApiVersion\` in ` +
        "scripts/api-version.ts first.",
    );
  }
  checkSchemas(schemas, provenance);
  const changeset = changesetOfRemoval(
    root,
    version,
    `Remove Admin API ${version}: \`shopify-usage-billing/${version}\` can no longer be imported.`,
  );
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, schemas, provenance)),
      [schemaFile(version), null],
      [provenanceFile, printProvenance(provenance)],
      ...changeset,
    ]),
  );
  await verify(changes);
  applyChanges(root, changes);
  for (const [path, content] of changes) say(`${content === null ? "Removed" : "Wrote"} ${path}`);
  const isReleased = [...changeset.values()].some((content) => content !== null);
  return [
    `# Admin API ${version} removed`,
    isReleased
      ? `## Release: major\n\nApps that import \`shopify-usage-billing/${version}\` no longer compile.`
      : "## Release: none\n\nThe version was not released yet.",
    ...stillImporting(root, version),
  ].join("\n\n");
}

/** Lists what no longer works: our own tests, examples and pages that import the version. */
function stillImporting(root: string, version: string): string[] {
  const files = importingFiles(root, version);
  if (files.length === 0) return [];
  return [
    "## Still importing it",
    files.map((file) => `- ${file}`).join("\n"),
    `Let these import another version: \`${replacementFor(schemasIn(root).keys()) ?? defaultApiVersion}\`, say.`,
  ];
}
