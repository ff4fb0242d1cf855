import { build } from "esbuild";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAdminSimulator, type AdminSimulator } from "shopify-usage-billing/testing";
import { createPackedApp, installed, type PackedApp } from "../package/packed-app.js";

const PROGRAMS = {
  "Node 20": ["node@20", "node_modules/.bin/node"],
  "Node 22": ["node@22", "node_modules/.bin/node"],
  "Node 24": ["node@24", "node_modules/.bin/node"],
  Bun: ["bun", "node_modules/.bin/bun"],
  Deno: ["deno", "node_modules/.bin/deno", "run", "--allow-all"],
} as const;

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

const CHROMIUM_FLAGS = [
  "--headless",
  "--remote-debugging-port=0",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const CHARGED = { ok: true, amount: "1.0", records: 1 };

let admin: AdminSimulator;
let endpoint: string;
let close: () => Promise<void>;

beforeEach(async () => {
  admin = createAdminSimulator();
  const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_runtimes" });
  const cappedAmount = { amount: "10.00", currencyCode: "USD" };
  shop.approve(shop.createSubscription({ cappedAmount }).id);
  const listener = await admin.listen();
  endpoint = listener.endpoint("2026-10");
  ({ close } = listener);
  return () => close();
});

async function createApp(...packages: readonly string[]): Promise<PackedApp> {
  return createPackedApp("matrix/runtimes", [await installed("graphql"), ...packages]);
}

describe.each([
  [
    "Vite",
    ["vite@8"],
    [
      "node_modules/.bin/vite",
      "build",
      "--ssr",
      "program.js",
      "--outDir",
      "out",
      "--logLevel",
      "error",
    ],
    "out/program.js",
  ],
  [
    "webpack",
    ["webpack@5", "webpack-cli@6"],
    [
      "node_modules/.bin/webpack",
      "./program.js",
      "--mode=production",
      "--target=node20",
      "--output-path=out",
      "--output-filename=program.cjs",
    ],
    "out/program.cjs",
  ],
] as const)("a bundle of %s", (_, packages, [command, ...args], bundle) => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await createApp(...packages);
  }, 180_000);
  afterAll(() => app.remove());

  it("charges once over HTTP, and reads the record", async () => {
    await app.run(join(app.folder, command), ...args);
    expect(JSON.parse(await app.run("node", bundle, endpoint))).toEqual(CHARGED);
    expect(admin.ledger).toHaveLength(1);
  }, 120_000);
});

/** Bundles an entry as an app's own build would; gives the bundle's file name. */
async function bundle(app: PackedApp, entry: string): Promise<string> {
  const outfile = `${entry}.bundle.js`;
  const entryPoints = [`${entry}.js`];
  const format = { bundle: true, format: "esm", target: "es2022" } as const;
  await build({ absWorkingDir: app.folder, entryPoints, outfile, ...format });
  return outfile;
}

describe.each(Object.entries(PROGRAMS))("%s", (_, [name, command, ...args]) => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await createApp(name);
  }, 180_000);
  afterAll(() => app.remove());

  it("charges once over HTTP, and reads the record", async () => {
    const printed = await app.run(join(app.folder, command), ...args, "program.js", endpoint);
    expect(JSON.parse(printed)).toEqual(CHARGED);
    expect(admin.ledger).toHaveLength(1);
  }, 60_000);
});

describe("Workers", () => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await createApp("miniflare");
  }, 180_000);
  afterAll(() => app.remove());

  it("charges once over HTTP, and reads the record", async () => {
    await bundle(app, "worker");
    const printed = await app.run("node", "worker-host.js", endpoint);
    expect(JSON.parse(printed)).toEqual(CHARGED);
    expect(admin.ledger).toHaveLength(1);
  }, 60_000);
});

describe.skipIf(!CHROMIUM)("a browser's bundle in Chromium", () => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await createApp();
  }, 180_000);
  afterAll(() => app.remove());

  it("charges once over HTTP, and reads the record", async () => {
    const script = await app.read(await bundle(app, "page"));
    let tell = (_outcome: string): void => undefined;
    const outcome = new Promise<string>((resolve) => (tell = resolve));
    // The page's own server passes the API on, as an app's would: a browser holds no token of a shop.
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks);
      if (request.url === "/outcome") tell(body.toString());
      if (request.method === "GET") {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<!doctype html><script type="module">${script}</script>`);
        return;
      }
      const token = String(request.headers["x-shopify-access-token"]);
      const headers = { "content-type": "application/json", "x-shopify-access-token": token };
      const answer = await fetch(endpoint, { method: "POST", headers, body });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port }: { port?: number } = Object(server.address());
    const profile = `--user-data-dir=${join(app.folder, "profile")}`;
    const page = `http://127.0.0.1:${port}/`;
    const browser = spawn(String(CHROMIUM), [...CHROMIUM_FLAGS, profile, page]);
    try {
      expect(JSON.parse(await outcome)).toEqual(CHARGED);
      expect(admin.ledger).toHaveLength(1);
    } finally {
      const ended = once(browser, "exit");
      browser.kill();
      await ended;
      server.close();
    }
  }, 60_000);
});
