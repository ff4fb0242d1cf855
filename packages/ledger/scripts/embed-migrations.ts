/**
 * Writes src/migrations.ts from migrations/*.sql, so that the ledger needs no file at run time
 * and survives a bundler. With `--check` it only says whether they agree.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";

const folder = new URL("../migrations/", import.meta.url);
const target = new URL("../src/migrations.ts", import.meta.url);

export async function embedded(): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}\.sql$/.test(name)).sort();
  const entries = await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), "utf8");
      const quoted = sql.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${");
      return `  { number: ${Number.parseInt(name, 10)}, sql: \`${quoted}\` },`;
    }),
  );
  return [
    "// Written by scripts/embed-migrations.ts from migrations/*.sql, never edited.",
    "",
    "/** A numbered change of the ledger's tables. */",
    "export interface Migration {",
    "  readonly number: number;",
    "  /** As in `migrations/` of the package. */",
    "  readonly sql: string;",
    "}",
    "",
    "/** All migrations, oldest first: what `migrate` applies. */",
    "export const migrations: readonly Migration[] = [",
    ...entries,
    "];",
    "",
  ].join("\n");
}

if (process.argv[1]?.endsWith("embed-migrations.ts")) {
  const content = await embedded();
  if (process.argv.includes("--check")) {
    const current = await readFile(target, "utf8").catch(() => "");
    if (current !== content) {
      process.stderr.write("src/migrations.ts differs from migrations/; run embed-migrations.ts\n");
      process.exit(1);
    }
  } else await writeFile(target, content);
}
