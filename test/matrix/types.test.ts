import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackedApp, installed, type PackedApp } from "../package/packed-app.js";

const COMPILERS = ["typescript@5.9", "typescript@6", "typescript@7"];
const GRAPHQL = ["graphql@16", "graphql@17"];
/** How an app's compiler finds modules, and what it knows of its platform. */
const RESOLUTIONS = {
  "nodenext, Node": ["--module", "nodenext", "--types", "node", "--lib", "es2023"],
  "bundler, DOM": [
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--types",
    "--lib",
    "es2023,dom,dom.iterable,esnext.disposable",
  ],
};

describe.each(COMPILERS)("%s", (compiler) => {
  describe.each(GRAPHQL)("%s", (graphql) => {
    let app: PackedApp;
    beforeAll(async () => {
      app = await createPackedApp("package/consumer", [
        compiler,
        graphql,
        await installed("@types/node"),
      ]);
    }, 180_000);
    afterAll(() => app.remove());

    it.each(Object.entries(RESOLUTIONS))(
      "type-checks a strict ESM app: %s",
      async (_, options) => {
        const strict = [
          "--strict",
          "--exactOptionalPropertyTypes",
          "--noEmit",
          "--target",
          "es2022",
        ];
        const own = ["--skipLibCheck", "false", "--ignoreConfig"];
        const flags = compiler.endsWith("5.9") ? own.slice(0, 2) : own;
        const args = [...strict, ...flags, ...options.filter((text) => text !== "")];
        expect(await app.run("npx", "--no", "tsc", ...args, "charge.ts")).toBe("");
      },
      120_000,
    );

    it("charges from an ESM app", async () => {
      await app.run("npx", "--no", "tsc");
      const printed: unknown = JSON.parse(await app.run("node", "out/charge.js"));
      expect(printed).toMatchObject({ amount: "1.0", ledger: 1 });
    }, 120_000);

    it("charges from a CommonJS app", async () => {
      await app.run("npx", "--no", "tsc");
      const printed: unknown = JSON.parse(await app.run("node", "out/require.cjs"));
      expect(printed).toEqual({ ok: true, amount: "1.0" });
    }, 120_000);
  });
});
