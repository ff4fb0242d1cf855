import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { generatedFile } from "../codegen.js";
import { defaultApiVersion } from "./api-version.js";
import { apiVersionsFile, printApiVersions } from "./api-versions-table.js";
import type { Changes } from "./changes.js";
import { generatedFiles } from "./generated.js";
import { packageFile, printPackage } from "./package-exports.js";
import { printSchemaDefinitions, schemaDefinitionsFile } from "./schema-definitions.js";
import { entryFile, templateFile, versionEntries } from "./version-entries.js";
import { printVersionsPage, versionsPage } from "./versions-page.js";

/**
 * Everything that follows from the parts in `schema/` and the operations in `graphql/`: documents and
 * types, entries, the table of versions, the package's exports, the page about versions.
 *
 * What belongs to versions that are not among `schemas` is to go. Nothing is written.
 */
export async function derivedFiles(
  root: string,
  schemas: ReadonlyMap<string, string>,
  say: (line: string) => void = () => {},
): Promise<Changes> {
  const versions = [...schemas.keys()];
  const entries = versionEntries(root, versions);
  if (entries === null) say(`${templateFile} is not there yet: no other version's entry is made.`);
  return new Map<string, string | null>([
    ...staleFiles(root, versions),
    ...(await generatedFiles(root, schemas)),
    ...(entries ?? []),
    [schemaDefinitionsFile, printSchemaDefinitions(schemas)],
    [apiVersionsFile, await formatted(root, apiVersionsFile, printApiVersions(versions))],
    [packageFile, printPackage(root, versions)],
    [versionsPage, await formatted(root, versionsPage, await printVersionsPage(root, schemas))],
  ]);
}

/** The generated files that are there for a version that is no longer. */
function staleFiles(root: string, versions: readonly string[]): [string, null][] {
  const known = new Set([...versions, defaultApiVersion]);
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
