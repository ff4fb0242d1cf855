import { build } from "esbuild";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync } from "node:fs";
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

async function bundle(app: PackedApp, entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: app.folder,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    write: false,
    outfile: join(app.folder, "bundle.js"),
  });
  return outputFiles[0]?.text ?? "";
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
    const script = JSON.stringify(await bundle(app, "worker.js"));
    const url = JSON.stringify(`http://worker.example/?endpoint=${encodeURIComponent(endpoint)}`);
    const code = `import { Miniflare } from "miniflare";
      const worker = new Miniflare({ modules: true, script: ${script} });
      console.log(await (await worker.dispatchFetch(${url})).text());
      await worker.dispose();`;
    const printed = await app.run("node", "--input-type=module", "--eval", code);
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
    const script = await bundle(app, "page.js");
    // The page's own server passes the API on, as an app's would: a browser has no token of a shop.
    const server = createServer(async (request, response) => {
      if (request.url === "/") {
        response.setHeader("content-type", "text/html");
        response.end(`<!doctype html><title></title><script type="module">${script}</script>`);
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const token = String(request.headers["x-shopify-access-token"]);
      const headers = { "content-type": "application/json", "x-shopify-access-token": token };
      const answer = await fetch(endpoint, {
        method: "POST",
        headers,
        body: Buffer.concat(chunks),
      });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port }: Pick<AddressInfo, "port"> = Object(server.address());
    try {
      const dumped = await app.run(
        String(CHROMIUM),
        ...CHROMIUM_FLAGS,
        `--user-data-dir=${join(app.folder, "profile")}`,
        "--virtual-time-budget=10000",
        "--dump-dom",
        `http://127.0.0.1:${port}/`,
      );
      const title = /<title>(.*?)<\/title>/.exec(dumped)?.[1] ?? "";
      expect(JSON.parse(title.replaceAll("&quot;", '"'))).toEqual(CHARGED);
      expect(admin.ledger).toHaveLength(1);
    } finally {
      server.close();
    }
  }, 60_000);
});
