import { schemasIn } from "../codegen.js";
import { inOrder } from "./api-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { isPublished, readIntrospection, SchemaSourceError } from "./introspection.js";
import { readOperations } from "./operations.js";
import {
  checkSchemas,
  originOf,
  printProvenance,
  provenanceFile,
  readProvenance,
} from "./provenance.js";
import { schemaFile, vendorSchema } from "./vendored-schema.js";

export interface RegenerateOptions {
  readonly root: string;
  /** Called with each line of progress. */
  readonly say?: (line: string) => void;
}

/**
 * Makes everything again from its recorded sources: the parts, and all that follows from them.
 *
 * Only published packages are read again. A URL or a file may have changed since, so a part that came
 * from there is kept, provided that it still is what was recorded.
 *
 * @returns The files that differ from before: none in a clean tree.
 * @throws SchemaSourceError if a source is not what was recorded
 * @throws ProvenanceError if a part that cannot be made again is not what was recorded
 */
export async function regenerate({ root, say = () => {} }: RegenerateOptions): Promise<Changes> {
  const operations = readOperations(root);
  const provenance = { ...readProvenance(root) };
  const schemas = schemasIn(root);
  for (const version of inOrder(new Set([...schemas.keys(), ...Object.keys(provenance)]))) {
    const origin = provenance[version];
    if (origin === undefined || !isPublished(origin.source)) {
      say(`${version}: kept, because ${origin?.source ?? "its source"} may have changed`);
      continue;
    }
    const introspection = await readIntrospection(origin.source);
    if (introspection.sha256 !== origin.sourceSha256) {
      throw new SchemaSourceError(`${origin.source} is not what was recorded for ${version}.`);
    }
    const vendored = vendorSchema(version, introspection, operations);
    schemas.set(version, vendored.sdl);
    provenance[version] = originOf(introspection, vendored, origin);
    say(`${version}: made again from ${origin.source}`);
  }
  checkSchemas(schemas, provenance);
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, schemas, provenance)),
      ...Array.from(schemas, ([version, sdl]) => [schemaFile(version), sdl] as const),
      [provenanceFile, printProvenance(provenance)],
    ]),
  );
  applyChanges(root, changes);
  return changes;
}
