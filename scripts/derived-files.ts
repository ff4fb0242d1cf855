import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { generatedFile } from "../codegen.js";
import { apiVersionsFile, printApiVersions } from "./api-versions-table.js";
import type { Changes } from "./changes.js";
import { generatedFiles } from "./generated.js";
import { packageFile, printPackage } from "./package-exports.js";
import { packageVersionFile, printPackageVersion } from "./package-version.js";
import { printSchemaDefinitions, schemaDefinitionsFile } from "./schema-definitions.js";
import type { Provenance } from "./provenance.js";
import { entryFile, versionEntries } from "./version-entries.js";
import { printVersionsPage, versionsPage } from "./versions-page.js";

/**
 * Returns everything that follows from the parts in `schema/` and the operations in `graphql/`: documents
 * and types, entries, the table of versions, the package's exports, and the page about versions.
 *
 * Files of versions that are not among `schemas` are to be removed. Nothing is written.
 *
 * @throws OperationSyntaxError, InvalidOperationsError
 */
export async function derivedFiles(
  root: string,
  schemas: ReadonlyMap<string, string>,
  provenance: Provenance,
): Promise<Changes> {
  const versions = [...schemas.keys()];
  const unformatted = new Map([
    ...versionEntries(versions),
    [packageVersionFile, printPackageVersion(root)],
    [apiVersionsFile, printApiVersions(versions)],
    [versionsPage, await printVersionsPage(root, schemas, provenance)],
  ]);
  return new Map<string, string | null>([
    ...staleFiles(root, versions),
    ...(await generatedFiles(root, schemas)),
    [schemaDefinitionsFile, printSchemaDefinitions(schemas)],
    [packageFile, printPackage(root, versions)],
    ...(await Promise.all(
      Array.from(unformatted, async ([path, content]): Promise<[string, string]> => [
        path,
        await formatted(root, path, content),
      ]),
    )),
  ]);
}

/** The generated files of versions that are no longer there. */
function staleFiles(root: string, versions: readonly string[]): [string, null][] {
  const known = new Set(versions);
  const present = [
    ...namesIn(join(root, "src/generated")).filter((name) => !name.endsWith(".ts")),
    ...namesIn(join(root, "src/versions"))
      .filter((name) => /^(\d{4}-\d{2}|unstable)\.ts$/.test(name))
      .map((name) => name.slice(0, -".ts".length)),
  ];
  return [...new Set(present)].flatMap((version): [string, null][] =>
    known.has(version)
      ? []
      : [
          [generatedFile(version), null],
          [entryFile(version), null],
        ],
  );
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function formatted(root: string, path: string, content: string): Promise<string> {
  const filepath = join(root, path);
  return format(content, { ...(await resolveConfig(filepath)), filepath });
}
