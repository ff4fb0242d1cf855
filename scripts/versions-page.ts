import { readFileSync } from "node:fs";
import { join } from "node:path";
import { datesOf, inOrder, previousVersion } from "./api-version.js";
import { diffSchemas, isSame, printDiff } from "./schema-diff.js";

export const versionsPage = "docs/versions.md";

/** The content of `docs/versions.md`: its generated sections anew, the rest as it is. */
export async function printVersionsPage(
  root: string,
  schemas: ReadonlyMap<string, string>,
): Promise<string> {
  const page = readFileSync(join(root, versionsPage), "utf8");
  return withSection(
    withSection(page, "table", table(schemas.keys())),
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

function table(versions: Iterable<string>): string {
  return [
    "| API version | Import | Released | Served until |",
    "| --- | --- | --- | --- |",
    ...inOrder(versions).map((version) => {
      const dates = datesOf(version);
      return `| ${version} | \`shopify-usage-billing/${version}\` | ${dates?.released ?? "–"} | ${dates?.retires ?? "–"} |`;
    }),
  ].join("\n");
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
        ? `### ${previous} → ${version}\n\nNothing that a type would show.`
        : `### ${previous} → ${version}\n\n${printDiff(difference, "####")}`,
    );
  }
  return sections.join("\n\n");
}
