import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackedApp, TSC, installed, type PackedApp } from "./packed-app.js";

// `npm version` keeps the consumer there as it was released; a major release may mend it.
const lastRelease = fileURLToPath(new URL("../types-of-last-release", import.meta.url));

describe("the packed package, installed in an empty app", () => {
  let app: PackedApp;
  beforeAll(async () => {
    const names = ["graphql", "typescript", "@types/node"];
    app = await createPackedApp("package/consumer", await Promise.all(names.map(installed)));
  }, 120_000);
  afterAll(() => app.remove());

  it("brings at most five packages beside graphql", async () => {
    const lock: { packages: object } = JSON.parse(await app.read("package-lock.json"));
    const own = /^$|node_modules\/(@?typescript(\/.*)?|@types\/node|undici-types|graphql)$/;
    const brought = Object.keys(lock.packages).filter((path) => !own.test(path));
    expect(brought.length, brought.join(", ")).toBeLessThanOrEqual(5);
  });

  it("type-checks a strict consumer, libraries included", async () => {
    expect(await app.run(TSC, "--noEmit")).toBe("");
  }, 60_000);

  it("type-checks what consumers of the last release wrote", async () => {
    await cp(lastRelease, join(app.folder, "last-release"), { recursive: true });
    expect(await app.run(TSC, "--noEmit", "--project", "last-release")).toBe("");
  }, 60_000);

  it("charges over HTTP and gives narrowed, typed answers", async () => {
    await app.run(TSC);
    expect(JSON.parse(await app.run("node", "out/charge.js"))).toEqual({
      id: expect.stringMatching(/^gid:\/\/shopify\/AppUsageRecord\/\d+$/),
      amount: "1.0",
      ledger: 1,
    });
  }, 60_000);

  it("is loaded by require, too", async () => {
    const code = `const { createUsageBillingClient } = require("shopify-usage-billing");
      console.log(typeof createUsageBillingClient)`;
    const printed = await app.run("node", "--input-type=commonjs", "--eval", code);
    expect(printed.trim()).toBe("function");
  });

  it("loads no API version but the one that is imported", async () => {
    const code = `import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
      console.log(typeof createUsageBillingClient)`;
    const printed = await app.run(
      "node",
      "--import",
      "./loaded.js",
      "--input-type=module",
      "-e",
      code,
    );
    const versions = printed.match(/generated\/[^/]+/g);
    expect([...new Set(versions)]).toEqual(["generated/2026-10"]);
  });

  it("runs nothing at install", async () => {
    const manifest: { scripts?: Record<string, string> } = JSON.parse(
      await app.read("node_modules/shopify-usage-billing/package.json"),
    );
    const hooks = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
  });
});
