import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleSize } from "../../bench/bundle.js";
import { OURS } from "../../bench/contenders.js";
import { installationOf } from "../../bench/installation.js";
import { EMPTY_CONSUMER, OUR_CONSUMER, typeCheck } from "../../bench/type-check.js";
import { apiVersions } from "../../src/api-versions.js";
import { Workbench } from "../../bench/workbench.js";

// What does not depend on the machine. A budget that grows with each API version is a fixed part and a
// part for each version, so that adding one breaks nothing. Times are in bench/RESULTS.md, not here.
const BUDGETS = {
  /** The main entry with all it needs: one version. @urql/core, wonka and @0no-co/graphql.web are 6,500 bytes of it. */
  gzippedBytes: 28_600,
  /** Beside graphql: this package, what urql needs, and the simulator's three. */
  packages: 8,
  /** ES modules and CommonJS, with all dependencies but graphql. */
  installedBytes: 2_650_000 + 110_000 * apiVersions.length,
  /** Over an empty project, libraries checked. 3,000 of the types are those of @urql/core and graphql. */
  types: 4_500,
  instantiations: 2_500,
} as const;

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.create();
  await bench.tarball();
});

afterAll(() => bench.remove());

describe("the packed package costs no more than its budget", () => {
  it("bundled: the main entry with all it needs, minified and gzipped", async () => {
    const app = await bench.install("bundle", [OURS, "graphql"]);
    const { gzipped } = await bundleSize(app, `export * from ${JSON.stringify(OURS)};`);
    expect(gzipped).toBeLessThanOrEqual(BUDGETS.gzippedBytes);
  }, 60_000);

  it("installed: bytes and packages beside graphql", async () => {
    const { bytes, packages } = await installationOf(bench, OURS);
    expect(packages.length, packages.join(", ")).toBeLessThanOrEqual(BUDGETS.packages);
    expect(bytes).toBeLessThanOrEqual(BUDGETS.installedBytes);
  }, 60_000);

  it("type-checked: types and instantiations of a consumer over an empty project", async () => {
    const app = await bench.install("types", [OURS, "graphql", "@types/node"]);
    const libraries = { skipLibCheck: false };
    const empty = await typeCheck(app, "empty", EMPTY_CONSUMER, libraries);
    const ours = await typeCheck(app, "ours", OUR_CONSUMER, libraries);
    expect(ours.types - empty.types).toBeLessThanOrEqual(BUDGETS.types);
    expect(ours.instantiations - empty.instantiations).toBeLessThanOrEqual(BUDGETS.instantiations);
  }, 60_000);
});
