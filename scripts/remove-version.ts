import { schemasIn } from "../codegen.js";
import { ApiVersionError, defaultApiVersion, inOrder } from "./api-version.js";
import { applyChanges, pendingChanges } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { printProvenance, provenanceFile, readProvenance } from "./provenance.js";
import { schemaFile } from "./vendored-schema.js";

export interface RemoveVersionOptions {
  readonly root: string;
  readonly version: string;
  readonly say?: (line: string) => void;
  readonly verify?: (files: string[]) => Promise<void>;
}

/**
 * Removes a version with everything that was made for it.
 *
 * @returns What that means for the next release, in Markdown.
 * @throws ApiVersionError if it is not there, or is the main entry's.
 */
export async function removeVersion({
  root,
  version,
  say = () => {},
  verify,
}: RemoveVersionOptions): Promise<string> {
  const { [version]: _, ...provenance } = readProvenance(root);
  const schemas = schemasIn(root);
  if (!schemas.delete(version)) {
    throw new ApiVersionError(
      `There is no ${version}. There are: ${inOrder(schemas.keys()).join(", ")}.`,
    );
  }
  if (version === defaultApiVersion) {
    throw new ApiVersionError(
      `${version} is the version of the main entry, which all other entries are made of: ` +
        "change `defaultApiVersion` in scripts/api-version.ts first.",
    );
  }
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, schemas, say)),
      [schemaFile(version), null],
      [provenanceFile, printProvenance(provenance)],
    ]),
  );
  await applyChanges(root, changes, verify && (() => verify([...changes.keys()])));
  for (const [path, content] of changes) say(`${content === null ? "Removed" : "Wrote"} ${path}`);
  return [
    `# Admin API ${version} removed`,
    `## Release: major\n\nApps that import \`shopify-usage-billing/${version}\` no longer compile.`,
  ].join("\n\n");
}
