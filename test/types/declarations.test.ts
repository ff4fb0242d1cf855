import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const tsc = join(root, "node_modules/.bin/tsc");
const DEPENDENCIES = [
  "@0no-co/graphql.web",
  "@graphql-typed-document-node/core",
  "@urql/core",
  "graphql",
  "wonka",
];

/** An app with the package's declarations in its `node_modules`, as they are published. */
let app = "";

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "declarations-"));
  const ours = join(app, "node_modules/shopify-usage-billing");
  cpSync(join(root, "package.json"), join(ours, "package.json"));
  const outDir = join(ours, "dist/esm");
  execFileSync(tsc, ["-p", "tsconfig.build.json", "--outDir", outDir], { cwd: root });
  for (const name of DEPENDENCIES) {
    const link = join(app, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  writeFileSync(join(app, "package.json"), '{ "private": true, "type": "module" }');
}, 120_000);

afterAll(() => rmSync(app, { recursive: true, force: true }));

const ROWS = `
import type { UsageBillingClient } from "shopify-usage-billing/2026-10";

interface Row {
  readonly id: string;
  readonly amount: string;
  readonly currency: string;
}

const inputOf = ({ id: idempotencyKey, amount, currency: currencyCode }: Row) => ({
  description: "1000 emails",
  price: { amount, currencyCode },
  idempotencyKey,
});

export function charge(
  billing: UsageBillingClient,
  rows: readonly Row[],
  live: AsyncIterable<Row>,
) {
  const { createUsageRecords } = billing;
  billing.createUsageRecords(rows.map(inputOf));
  createUsageRecords(rows.map((row) => ({ ...inputOf(row), row })));
  billing.createUsageRecords(
    (async function* () {
      for await (const row of live) yield inputOf(row);
    })(),
    { concurrency: 5 },
  );
}
`;

/** A compiler's output for a file, line by line. */
function compile(file: string, code: string): string[] {
  writeFileSync(join(app, file), code);
  const settings = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck"];
  const emitting = ["--declaration", "--outDir", "out", "--types", ""];
  const { stdout } = spawnSync(tsc, [...settings, ...emitting, file], {
    cwd: app,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("a compiler's output for an app", () => {
  it("nothing, if it emits declarations of what the app makes of each method", () => {
    expect(
      compile("app.ts", readFileSync(join(import.meta.dirname, "declarations/app.ts"), "utf8")),
    ).toEqual([]);
  }, 60_000);

  it("two lines at most, if the currency of a bulk input is any text", () => {
    const lines = compile("rows.ts", ROWS);
    const errors = lines.filter((line) => line.startsWith("rows.ts("));

    expect(errors).toHaveLength(3);
    expect(lines.length).toBeLessThanOrEqual(2 * errors.length);
    for (const error of errors) {
      expect(error).toContain(
        "price.currencyCode must be a CurrencyCode; check it with isCurrencyCode",
      );
    }
  }, 60_000);
});
