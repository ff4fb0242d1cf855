import { readFileSync } from "node:fs";
import { join } from "node:path";
import { datesOf, inOrder, isRetired, previousVersion } from "./api-version.js";
import { isReleaseCandidate, type Origin, type Provenance } from "./provenance.js";
import { diffSchemas, isSame, printDiff } from "./schema-diff.js";

export const versionsPage = "docs/versions.md";

/** The content of `docs/versions.md` with its sections generated again; the rest stays as it is. */
export async function printVersionsPage(
  root: string,
  schemas: ReadonlyMap<string, string>,
  provenance: Provenance,
): Promise<string> {
  const page = readFileSync(join(root, versionsPage), "utf8");
  return withSection(
    withSection(page, "table", table(schemas.keys(), provenance)),
    "changes",
    await changes(schemas),
  );
}

function withSection(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from === -1 || to < from) {
    throw new Error(`${versionsPage} lacks its markers ${start} and ${end}.`);
  }
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}

function table(versions: Iterable<string>, provenance: Provenance): string {
  return [
    "| API version | Import | Released | Served until | Schema |",
    "| --- | --- | --- | --- | --- |",
    ...inOrder(versions).map((version) => {
      const { released = "–", retires = "–" } = datesOf(version) ?? {};
      const cells = [
        version,
        `\`shopify-usage-billing/${version}\``,
        released,
        isRetired(version) ? `${retires} (retired)` : retires,
        schemaOf(version, provenance[version]),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

function schemaOf(version: string, origin: Origin | undefined): string {
  if (origin === undefined) return "–";
  const day = origin.published ?? `downloaded ${origin.retrieved}`;
  return isReleaseCandidate(version, origin) ? `${day} (release candidate)` : day;
}

async function changes(schemas: ReadonlyMap<string, string>): Promise<string> {
  const sections: string[] = [];
  for (const version of inOrder(schemas.keys())) {
    const previous = previousVersion(version, schemas.keys());
    const before = previous === undefined ? undefined : schemas.get(previous);
    const after = schemas.get(version);
    if (before === undefined || after === undefined) continue;
    const difference = await diffSchemas(before, after);
    sections.push(
      isSame(difference)
        ? `### ${previous} → ${version}\n\nNo type changed.`
        : `### ${previous} → ${version}\n\n${printDiff(difference, "####")}`,
    );
  }
  return sections.join("\n\n");
}
