import { createHash } from "node:crypto";
import { schemasIn } from "../codegen.js";
import { inOrder } from "./api-version.js";
import { applyChanges, pendingChanges, type Changes } from "./changes.js";
import { derivedFiles } from "./derived-files.js";
import { isPublished, readIntrospection, SchemaSourceError } from "./introspection.js";
import { readOperations } from "./operations.js";
import { originOf, printProvenance, provenanceFile, readProvenance } from "./provenance.js";
import { schemaFile, vendorSchema } from "./vendored-schema.js";

export interface RegenerateOptions {
  readonly root: string;
  readonly say?: (line: string) => void;
}

/**
 * Makes everything anew from where it came from: the parts from their recorded sources, and all that
 * follows from them.
 *
 * Only a published package is read again. A URL or a file may give something else by now, so a part
 * from there stays, as long as it still is what was recorded.
 *
 * @returns The files that came out different, which in a clean tree is none.
 * @throws SchemaSourceError if a source or a part is not what was recorded.
 */
export async function regenerate({ root, say = () => {} }: RegenerateOptions): Promise<Changes> {
  const operations = readOperations(root);
  const before = readProvenance(root);
  const provenance = { ...before };
  const schemas = schemasIn(root);
  for (const version of inOrder(schemas.keys())) {
    const origin = before[version];
    if (origin === undefined) {
      throw new SchemaSourceError(`${schemaFile(version)} has no entry in ${provenanceFile}.`);
    }
    if (!isPublished(origin.source)) {
      const sha256 = createHash("sha256")
        .update(schemas.get(version) ?? "")
        .digest("hex");
      if (sha256 !== origin.schemaSha256) {
        throw new SchemaSourceError(
          `${schemaFile(version)} is not what was made of ${origin.source}: undo the edit, or run ` +
            `\`npm run add-version -- ${version}\` to fetch it anew.`,
        );
      }
      say(`${version}: kept, because ${origin.source} may have changed`);
      continue;
    }
    const introspection = await readIntrospection(origin.source);
    if (introspection.sha256 !== origin.sourceSha256) {
      throw new SchemaSourceError(`${origin.source} is not what was recorded for ${version}.`);
    }
    const { sdl } = vendorSchema(version, introspection, operations);
    schemas.set(version, sdl);
    provenance[version] = originOf(introspection, sdl, origin);
    say(`${version}: made anew from ${origin.source}`);
  }
  const changes = pendingChanges(
    root,
    new Map([
      ...(await derivedFiles(root, schemas, say)),
      ...Array.from(schemas, ([version, sdl]) => [schemaFile(version), sdl] as const),
      [provenanceFile, printProvenance(provenance)],
    ]),
  );
  await applyChanges(root, changes);
  return changes;
}
