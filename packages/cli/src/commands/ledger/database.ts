import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { Database } from "shopify-usage-ledger";
import { COMMAND } from "../../command-name.js";
import { Settings, VARIABLES } from "../../connection/settings.js";
import { CommandFailedError } from "../../failure/command-failed-error.js";
import { CommandLineError } from "../../failure/command-line-error.js";
import { exitCodes } from "../../failure/exit-code.js";
import { reasonOf } from "../../failure/reason.js";
import type { Terminal } from "../../output/terminal.js";

/** The options with which a command reaches the ledger's database. */
export interface DatabaseOptions {
  readonly databaseUrl?: string | undefined;
  readonly dotenv?: string | undefined;
}

/** Adds the option of every command that reads the ledger. */
export function withDatabase<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return command
    .optionsGroup("Database:")
    .option("--database-url <url>", `the ledger's PostgreSQL [${VARIABLES.databaseUrl}]`);
}

/** Adds the options of a command that reads the ledger and calls nobody else. */
export function withDatabaseOnly<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return withDatabase(command)
    .option("--dotenv <file>", "read these variables from a file (default: .env)")
    .optionsGroup("Output:")
    .option("--json", "write JSON to standard output")
    .option("--debug", "show details of errors, never the token");
}

/** What has become of charges if the database fails in the middle. */
export type AtStake = "nothing" | "charges";

/** Opens the ledger's database for a piece of work, and explains its failures. */
export async function onDatabase<T>(
  options: DatabaseOptions,
  terminal: Terminal,
  atStake: AtStake,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const settings = await Settings.read(terminal.environment, options.dotenv);
  const url = settings.find("databaseUrl", options.databaseUrl);
  if (!url) {
    throw new CommandLineError(
      "The ledger's database is missing",
      `Give --database-url postgres://user@host/name, or set ${VARIABLES.databaseUrl} in the environment or a .env file.`,
    );
  }
  hidePassword(url.value, terminal);
  // Not at the top: every other command starts without it.
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url.value,
    max: 4,
    connectionTimeoutMillis: 10_000,
  });
  pool.on("error", () => undefined); // the next statement fails, and is reported
  const failures = new WeakSet<object>();
  try {
    await pool.query("select 1").catch((error: unknown) => {
      throw notConnected(error);
    });
    return await work({
      query: async (text, values) =>
        await pool.query<Record<string, unknown>>(text, values).catch((error: unknown) => {
          if (error instanceof Error) failures.add(error);
          throw error;
        }),
    });
  } catch (error) {
    throw error instanceof Error ? explained(error, failures.has(error), atStake) : error;
  } finally {
    await pool.end();
  }
}

/** `pg` has the password in the details of some errors. */
function hidePassword(url: string, terminal: Terminal): void {
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) {
    throw new CommandLineError(
      "--database-url must be a URL such as postgres://user@host/name",
      `It comes from --database-url or ${VARIABLES.databaseUrl}.`,
    );
  }
  const { password } = new URL(url);
  if (password.length < 4) return; // "a" is in every word
  terminal.hide(password);
  const decoded = decodeURIComponent(password);
  if (decoded !== password) terminal.hide(decoded);
}

/** What to do, by PostgreSQL's code or the system's. */
const REMEDIES: Readonly<Record<string, string>> = {
  "28P01": "Check the user and the password in the URL.",
  "28000": "Check the user and the password in the URL.",
  "3D000": "Check the database's name in the URL, or create it with `createdb`.",
  ENOTFOUND: "Check the host in the URL.",
  ECONNREFUSED: "Check the host and the port in the URL, and that the server runs.",
};

function notConnected(error: unknown): CommandFailedError {
  // Node.js tries all addresses of a host, and reports them together.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(first);
  const isWrong = /^(?:28|3D)/.test(code);
  return new CommandFailedError(
    `The database cannot be reached: ${reasonOf(first)}`,
    isWrong ? exitCodes.usage : exitCodes.later,
    REMEDIES[code] ?? "Check --database-url, then run it again.",
  );
}

function explained(error: Error, isOfDatabase: boolean, atStake: AtStake): Error {
  const migrate = `Bring its tables up to date with \`${COMMAND} ledger migrate\`, or this command with npm.`;
  if (error.name === "LedgerSchemaError") {
    return new CommandFailedError(error.message, exitCodes.refused, migrate);
  }
  if (error.name === "InvalidUsageError") return new CommandLineError(error.message);
  if (!isOfDatabase) return error;
  if (["42P01", "3F000"].includes(codeOf(error))) {
    return new CommandFailedError(
      "The database has no usage ledger",
      exitCodes.refused,
      `Create its tables with \`${COMMAND} ledger migrate\`, or check --database-url.`,
    );
  }
  return atStake === "charges"
    ? new CommandFailedError(
        `The database failed: ${reasonOf(error)}`,
        exitCodes.unknown,
        "The merchant may have been charged. Run it again: each charge keeps its key, and is made once.",
      )
    : new CommandFailedError(
        `The database failed: ${reasonOf(error)}`,
        exitCodes.later,
        "Run it again later.",
      );
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}
