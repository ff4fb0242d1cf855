import { row, type Database } from "./database.js";
import { LedgerSchemaError } from "./errors.js";
import { migrations } from "./migrations.js";

/** The number of the latest migration in this version of the package. */
export const LATEST: number = migrations.reduce(
  (latest, { number }) => Math.max(latest, number),
  0,
);

/**
 * Creates the ledger's tables, or brings them up to date.
 *
 * @remarks
 * Each migration is one `DO` statement, applied as a whole or not at all. It holds an advisory lock until
 * its transaction ends, so any number of processes may call this at once, even through PgBouncer.
 */
export async function migrate(database: Database): Promise<void> {
  for (const { number, sql } of migrations) {
    await database.query(`do $ledger_migration$ begin
perform pg_advisory_xact_lock(hashtextextended('shopify-usage-ledger', 0));
if to_regclass('usage_ledger.migrations') is not null then
  if exists (select from usage_ledger.migrations where number = ${number}) then return; end if;
end if;
${sql}
end $ledger_migration$`);
  }
}

/** SQL: the columns that {@link checkSchema} reads. */
export const SCHEMA_COLUMNS = `
  (select max(number) from usage_ledger.migrations)::text as schema_number,
  (select max(requires) from usage_ledger.migrations)::text as schema_requires`;

/** A row of {@link SCHEMA_COLUMNS}. */
export interface SchemaRow {
  readonly schema_number: string | null;
  readonly schema_requires: string | null;
}

/** Refuses tables that are older than this package, or that only newer versions can work on. */
export function checkSchema({ schema_number, schema_requires }: SchemaRow): void {
  const number = Number(schema_number ?? 0);
  if (number < LATEST) {
    throw new LedgerSchemaError(
      `The ledger's tables are at migration ${number}, and this version of shopify-usage-ledger ` +
        `needs ${LATEST}; call ledger.migrate(), or apply the package's migrations/`,
    );
  }
  if (Number(schema_requires ?? 0) > LATEST) {
    throw new LedgerSchemaError(
      `The ledger's tables are at migration ${number}, which needs a version of ` +
        `shopify-usage-ledger that knows migration ${schema_requires ?? ""}; this one knows ${LATEST}. Update the package`,
    );
  }
}

/** Reads which migrations were applied, and refuses tables that do not fit. */
export async function requireSchema(database: Database): Promise<void> {
  const exists = await row<{ found: boolean }>(
    database,
    "select to_regclass('usage_ledger.migrations') is not null as found",
  );
  if (exists?.found !== true) checkSchema({ schema_number: null, schema_requires: null });
  const state = await row<{ schema_number: string | null; schema_requires: string | null }>(
    database,
    `select ${SCHEMA_COLUMNS}`,
  );
  checkSchema(state ?? { schema_number: null, schema_requires: null });
}
