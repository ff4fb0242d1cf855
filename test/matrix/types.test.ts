import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackedApp, TSC, installed, type PackedApp } from "../package/packed-app.js";

const COMPILERS = ["typescript@5.4", "typescript@5.9", "typescript@6", "typescript@7"];
const GRAPHQL = ["graphql@16", "graphql@17"];
/** How an app's compiler finds modules, and what it knows of its platform. */
const PROJECTS = { "nodenext, Node": "tsconfig.json", "bundler, DOM": "tsconfig.bundler.json" };

describe.each(COMPILERS)("%s", (compiler) => {
  describe.each(GRAPHQL)("%s", (graphql) => {
    let app: PackedApp;
    beforeAll(async () => {
      app = await createPackedApp("package/consumer", [
        compiler,
        graphql,
        await installed("@types/node"),
        await installed("@graphql-typed-document-node/core"),
      ]);
    }, 180_000);
    afterAll(() => app.remove());

    it.each(Object.entries(PROJECTS))(
      "type-checks a strict app: %s",
      async (_, project) => {
        expect(await app.run(TSC, "--noEmit", "--project", project)).toBe("");
      },
      120_000,
    );

    it("charges from an ESM app", async () => {
      await app.run(TSC);
      const printed: unknown = JSON.parse(await app.run("node", "out/charge.js"));
      expect(printed).toMatchObject({ amount: "1.0", ledger: 1 });
    }, 120_000);

    it("charges from a CommonJS app", async () => {
      await app.run(TSC);
      const printed: unknown = JSON.parse(await app.run("node", "out/require.cjs"));
      expect(printed).toEqual({ ok: true, amount: "1.0" });
    }, 120_000);
  });
});
