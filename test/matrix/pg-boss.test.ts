import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createDatabase,
  startPostgres,
  type PostgresServer,
} from "../../packages/ledger/test/postgres-server.js";
import { createPackedApp, installed, TSC, type PackedApp } from "../package/packed-app.js";

/** pg-boss 10 runs in the ledger's own tests, on Node 20; the others need a newer Node. */
const VERSIONS = ["11", "12"];
const LEDGER = fileURLToPath(new URL("../../packages/ledger", import.meta.url));

let server: PostgresServer;
let packed: string;
beforeAll(async () => {
  server = await startPostgres();
  packed = await mkdtemp(join(tmpdir(), "usage-ledger-packed-"));
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", packed];
  await promisify(execFile)("npm", pack, { cwd: LEDGER });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(packed, { recursive: true, force: true });
});

describe.each(VERSIONS)("pg-boss %s on Node 24", (version) => {
  let app: PackedApp;
  beforeAll(async () => {
    const [ledger = ""] = await readdir(packed);
    app = await createPackedApp("matrix/pg-boss", [
      join(packed, ledger),
      `pg-boss@${version}`,
      "node@24",
      await installed("graphql"),
      await installed("pg"),
      await installed("typescript"),
      await installed("@types/node"),
    ]);
  }, 180_000);
  afterAll(() => app.remove());

  it("charges what is due once, and shows what failed as a dead letter", async () => {
    const node = join(app.folder, "node_modules/.bin/node");
    const printed = await app.run(node, "program.js", await createDatabase(server.url));
    expect(JSON.parse(printed)).toEqual({
      enqueued: 4,
      again: false,
      charges: 6,
      keys: 6,
      letters: [{ shop: "gone.myshopify.com" }],
      schedules: ["usage-ledger-due"],
    });
  }, 120_000);

  it("has a class that the engine's types take", async () => {
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck"];
    expect(await app.run(TSC, ...flags, "--types", "node", `types-${version}.ts`)).toBe("");
  }, 120_000);
});
