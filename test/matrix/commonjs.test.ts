import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackedApp, installed, TSC, type PackedApp } from "../package/packed-app.js";

/** TypeScript before 5.8 does not let a CommonJS app import an ES module, and Jest does not load one. */
describe.each([
  ["typescript@5.4", "jest@29"],
  ["typescript@5.7", "jest@30"],
  ["typescript@5.9", "jest@30"],
])("a CommonJS app: %s, %s", (compiler, jest) => {
  let app: PackedApp;
  beforeAll(async () => {
    const others = await Promise.all(["graphql", "@types/node"].map(installed));
    app = await createPackedApp("matrix/commonjs", [compiler, jest, ...others], "commonjs");
  }, 300_000);
  afterAll(() => app.remove());

  it("compiles, and is tested on the simulator", async () => {
    expect(await app.run(TSC)).toBe("");
    const printed: { numPassedTests: number; success: boolean } = JSON.parse(
      await app.run("./node_modules/.bin/jest", "--json", "--testPathIgnorePatterns=out"),
    );
    expect(printed).toMatchObject({ success: true, numPassedTests: 3 });
  }, 120_000);
});
