import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPackedApp, installed, TSC, type PackedApp } from "../package/packed-app.js";

describe.each(["18", "19"])("React %s", (version) => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await createPackedApp("matrix/react", [
      `react@${version}`,
      `react-dom@${version}`,
      `@types/react@${version}`,
      `@types/react-dom@${version}`,
      ...(await Promise.all(
        ["urql", "graphql", "happy-dom", "typescript", "@types/node"].map(installed),
      )),
    ]);
  }, 180_000);
  afterAll(() => app.remove());

  it("type-checks, renders on a server and comes to life in a browser", async () => {
    expect(await app.run(TSC)).toBe("");
    const printed: unknown = JSON.parse(
      await app.run("node", "--import", "./browser.js", "out/app.js"),
    );
    expect(printed).toEqual({
      mounted: "5.5 cb",
      more: "5.5 cba",
      html: "<p>5.5 cb</p>",
      hydrated: "5.5 cb",
      problems: [],
    });
  }, 120_000);
});
