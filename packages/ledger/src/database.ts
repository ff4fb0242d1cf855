/** What a driver resolves to: the rows, alone or as `rows` of an object. */
export type QueryResult = { readonly rows: readonly unknown[] } | readonly unknown[];

/**
 * The PostgreSQL database that the ledger's tables are in.
 *
 * @remarks
 * Pass a `Pool` of `pg`, a `PGlite` or a `Pool` of `@neondatabase/serverless` as it is, and wrap any
 * other driver in one line. Each statement stands alone, keeps no session state and takes only strings
 * and nulls, so it works with any driver and through PgBouncer's transaction mode.
 *
 * @example
 * ```ts
 * const database = { query: (text, values) => sql.unsafe(text, values) }; // postgres.js
 * ```
 */
export interface Database {
  query(text: string, values?: (string | null)[]): PromiseLike<QueryResult>;
}

/** A statement with its parameters, for the app's own transaction. */
export interface Statement {
  readonly text: string;
  readonly values: (string | null)[];
}

/** Runs a statement and returns its rows, whose columns must be text, boolean or null. */
export async function rows<R extends object>(
  database: Database,
  text: string,
  values: (string | null)[] = [],
): Promise<readonly R[]> {
  const result = await database.query(text, values);
  // The one place where rows enter: each caller names the columns that its statement selects.
  return ("rows" in result ? result.rows : result) as readonly R[];
}

/** Runs a statement and returns its first row; `null` if it has none. */
export async function row<R extends object>(
  database: Database,
  text: string,
  values: (string | null)[] = [],
): Promise<R | null> {
  const [first] = await rows<R>(database, text, values);
  return first ?? null;
}

/** SQL for a time as ISO 8601 text in UTC with milliseconds, or null. */
export function isoTime(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** SQL for the time in a parameter, or the database's own time if it is null. */
export function timeOf(parameter: string): string {
  return `coalesce((${parameter}::text)::timestamptz, clock_timestamp())`;
}

// oxlint-disable-next-line eslint/no-control-regex
const NOT_STORABLE = /[\0\p{Surrogate}]/gu;

/** Replaces what PostgreSQL cannot store, NUL and half of a surrogate pair, with U+FFFD. */
export function storable(text: string): string {
  return text.replace(NOT_STORABLE, "\uFFFD");
}

/** Whether PostgreSQL can store a text as it is. */
export function isStorable(text: string): boolean {
  return storable(text) === text;
}
