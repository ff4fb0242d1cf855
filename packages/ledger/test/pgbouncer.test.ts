import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile, chmod } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { ledgerUnderTest } from "./ledger-under-test.js";
import { freePort } from "./postgres-server.js";

const available = spawnSync("pgbouncer", ["--version"]).status === 0;
if (!available)
  process.stdout.write("Skipped: PgBouncer is not installed (apt-get install pgbouncer)\n");

/** PgBouncer in transaction mode, with two server connections for all clients. */
async function startPgBouncer(database: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(database);
  const folder = await mkdtemp(join(tmpdir(), "usage-ledger-pgbouncer-"));
  await chmod(folder, 0o755);
  const own = await freePort();
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
auth_type = any
pool_mode = transaction
default_pool_size = 2
unix_socket_dir =
`,
  );
  const asRoot = process.getuid?.() === 0;
  const child: ChildProcess = spawn("pgbouncer", [...(asRoot ? ["-u", "postgres"] : []), config], {
    stdio: "ignore",
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(own, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => undefined);
      socket.unref();
      socket.once("connect", () => socket.destroy());
    });
    if (open) return `postgres://${username}:${password}@127.0.0.1:${own}${pathname}`;
    await delay(50);
  }
  throw new Error("PgBouncer does not answer");
}

test.skipIf(!available)("everything works through PgBouncer's transaction mode", async () => {
  const t = await ledgerUnderTest({ migrated: false, cap: "30" });
  const pool = new Pool({ connectionString: await startPgBouncer(t.url), max: 20 });
  onTestFinished(async () => await pool.end());
  const ledgers = Array.from({ length: 6 }, () => t.another({ database: pool }));
  await Promise.all(ledgers.map(async (ledger) => await ledger.migrate()));
  const price = { amount: "1.005", currencyCode: "USD" };
  await Promise.all(
    ledgers.flatMap((ledger, n) =>
      Array.from({ length: 10 }, async (_, m) => {
        const client = await pool.connect();
        await client.query("begin");
        const { text, values } = ledger.record({
          shop: t.domain,
          id: `${n}-${m}`,
          meter: "emails",
          price,
        });
        await client.query(text, values);
        await client.query("commit");
        client.release();
      }),
    ),
  );
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(ledgers.map(async (ledger) => await ledger.charge(t.domain)));
  }
  expect(t.chargedCents()).toBe(3000);
  expect(await t.rows("select recorded::text, difference::text from usage_ledger.books")).toEqual([
    { recorded: "60.300", difference: "0.000" },
  ]);
  expect(await ledgers[0]?.balance(t.domain)).toMatchObject({ state: "capped", charged: "30.00" });
});
