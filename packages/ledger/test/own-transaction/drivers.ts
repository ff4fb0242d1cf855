/** Drivers and ORMs, each with a transaction of the app that records usage beside a row of the app's own. */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { PrismaPg as PrismaAdapter } from "@prisma/adapter-pg";
import { sql as drizzleSql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, text as textColumn } from "drizzle-orm/pg-core";
import { build } from "esbuild";
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import postgres from "postgres";
import type { Database, RecordedRow, Statement } from "../../src/index.js";

/** A driver, opened on a database. */
export interface Driver {
  /** Inserts an order and records its use in one transaction; then rolls back if it is told to. */
  readonly order: (id: string, record: Statement, rollBack: boolean) => Promise<RecordedRow>;
  /** The database, as the ledger takes it. */
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** What a transaction fails with that is to be rolled back. */
class RollBack extends Error {}

type Open = (url: string) => Promise<Driver>;

/** The row that the statement of `record` returns. */
function recordedRow(rows: readonly unknown[]): RecordedRow {
  return rows[0] as RecordedRow; // the statement's own columns
}

const pg: Open = async (url) => {
  const pool = new Pool({ connectionString: url });
  return {
    order: async (id, { text, values }, rollBack) => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query("insert into orders (id) values ($1)", [id]);
        const { rows } = await client.query<RecordedRow>(text, values);
        await client.query(rollBack ? "rollback" : "commit");
        return recordedRow(rows);
      } finally {
        client.release();
      }
    },
    database: pool,
    close: async () => await pool.end(),
  };
};

const postgresJs: Open = async (url) => {
  const sql = postgres(url, { max: 4, onnotice: () => undefined });
  return {
    order: async (id, { text, values }, rollBack) => {
      let recorded: RecordedRow | undefined;
      await sql
        .begin(async (tx) => {
          await tx`insert into orders (id) values (${id})`;
          recorded = recordedRow(await tx.unsafe(text, values));
          if (rollBack) throw new RollBack();
        })
        .catch(ignoreRollBack);
      return recordedRow([recorded]);
    },
    database: { query: (text, values) => sql.unsafe(text, values) },
    close: async () => await sql.end(),
  };
};

const kysely: Open = async (url) => {
  const db = new Kysely<{ orders: { id: string } }>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
  });
  return {
    order: async (id, { text, values }, rollBack) => {
      let recorded: RecordedRow | undefined;
      await db
        .transaction()
        .execute(async (tx) => {
          await tx.insertInto("orders").values({ id }).execute();
          recorded = recordedRow((await tx.executeQuery(CompiledQuery.raw(text, values))).rows);
          if (rollBack) throw new RollBack();
        })
        .catch(ignoreRollBack);
      return recordedRow([recorded]);
    },
    database: { query: (text, values) => db.executeQuery(CompiledQuery.raw(text, values)) },
    close: async () => await db.destroy(),
  };
};

const drizzleOrm: Open = async (url) => {
  const pool = new Pool({ connectionString: url });
  const db = drizzle(pool);
  const orders = pgTable("orders", { id: textColumn("id").primaryKey() });
  return {
    order: async (id, { text, values }, rollBack) => {
      let recorded: RecordedRow | undefined;
      await db
        .transaction(async (tx) => {
          await tx.insert(orders).values({ id });
          const [before = "", after = ""] = text.split("$1");
          const { raw } = drizzleSql;
          const { rows } = await tx.execute(drizzleSql`${raw(before)}${values[0]}${raw(after)}`);
          recorded = recordedRow(rows);
          if (rollBack) throw new RollBack();
        })
        .catch(ignoreRollBack);
      return recordedRow([recorded]);
    },
    database: db.$client,
    close: async () => await pool.end(),
  };
};

/** What the test uses of the generated client. */
interface Prisma {
  readonly order: { create(query: { data: { id: string } }): PromiseLike<unknown> };
  $queryRawUnsafe(text: string, ...values: unknown[]): PromiseLike<readonly unknown[]>;
  $transaction<R>(work: (tx: Prisma) => Promise<R>): Promise<R>;
  $disconnect(): Promise<void>;
}

const prisma: Open = async (url) => {
  const { adapterOf, PrismaClient, remove } = await generatedPrisma();
  const client = new PrismaClient({ adapter: adapterOf(url) });
  return {
    order: async (id, { text, values }, rollBack) => {
      let recorded: RecordedRow | undefined;
      await client
        .$transaction(async (tx) => {
          await tx.order.create({ data: { id } });
          recorded = recordedRow(await tx.$queryRawUnsafe(text, ...values));
          if (rollBack) throw new RollBack();
        })
        .catch(ignoreRollBack);
      return recordedRow([recorded]);
    },
    database: { query: (text, values = []) => client.$queryRawUnsafe(text, ...values) },
    close: async () => {
      await client.$disconnect();
      await remove();
    },
  };
};

/** Generates Prisma's client. Prisma 7 runs on the adapter alone, without an engine of its own. */
async function generatedPrisma(): Promise<{
  readonly PrismaClient: new (options: { adapter: PrismaAdapter }) => Prisma;
  readonly adapterOf: (connectionString: string) => PrismaAdapter;
  readonly remove: () => Promise<void>;
}> {
  const root = join(import.meta.dirname, "../../../..");
  const folder = await mkdtemp(join(root, "node_modules/.ledger-prisma-"));
  await copyFile(join(import.meta.dirname, "schema.prisma"), join(folder, "schema.prisma"));
  await promisify(execFile)(
    process.execPath,
    [join(root, "node_modules/prisma/build/index.js"), "generate", "--schema", "schema.prisma"],
    {
      cwd: folder,
      // The engine of `prisma migrate` would be downloaded, and `generate` does not use it.
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: "1",
      },
    },
  );
  const outfile = join(folder, "client.mjs");
  await build({
    entryPoints: [join(folder, "client/client.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  const generated = (await import(pathToFileURL(outfile).href)) as {
    PrismaClient: new (options: { adapter: PrismaAdapter }) => Prisma;
  };
  const { PrismaPg } = await import("@prisma/adapter-pg");
  return {
    PrismaClient: generated.PrismaClient,
    adapterOf: (connectionString) => new PrismaPg({ connectionString }),
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
}

function ignoreRollBack(error: unknown): void {
  if (!(error instanceof RollBack)) throw error;
}

/** By the names that a reader knows. */
export const DRIVERS: Readonly<Record<string, Open>> = {
  pg,
  "postgres.js": postgresJs,
  "Kysely 0.28": kysely,
  "Drizzle 0.45": drizzleOrm,
  "Prisma 7": prisma,
};
