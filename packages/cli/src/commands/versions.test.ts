import { expect, test } from "vitest";
import { apiVersions } from "shopify-usage-billing/api-versions";
import { cliUnderTest } from "../cli-under-test.js";
import { currentApiVersion, supportOf } from "../connection/api-version.js";

const cli = cliUnderTest();

test("prints every version with its dates, status and import", async () => {
  const { exitCode, stdout } = await cli.run(["versions"]);
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^VERSION +RELEASED +SERVED UNTIL +STATUS +IMPORT$/);
  for (const { handle, released, retires } of apiVersions) {
    const line = lines.find((line) => line.startsWith(handle)) ?? "";
    expect(line).toContain(`${released ?? "–"}  `);
    expect(line).toContain(`${retires ?? "–"}  `);
    expect(line).toContain(`shopify-usage-billing/${handle}`);
  }
  expect(stdout).toContain(`\n${currentApiVersion(Date.now())} *`);
  expect(exitCode).toBe(0);
});

test("prints JSON with --json", async () => {
  const { stdout } = await cli.run(["versions", "--json"]);
  const versions: { handle: string; default: boolean; status: string }[] = JSON.parse(stdout);
  expect(versions.map(({ handle }) => handle)).toEqual(apiVersions.map(({ handle }) => handle));
  expect(versions.filter((version) => version.default)).toMatchObject([
    { handle: currentApiVersion(Date.now()) },
  ]);
});

test("uses a version from 17:00 UTC on the day of its release", () => {
  expect(currentApiVersion(Date.parse("2026-07-01T16:59:59Z"))).toBe("2026-04");
  expect(currentApiVersion(Date.parse("2026-07-01T17:00:00Z"))).toBe("2026-07");
  expect(currentApiVersion(Date.parse("2020-01-01"))).toBe(apiVersions[0]?.handle);
});

test("retires a version at 15:00 UTC on its last day", () => {
  const version = { handle: "2026-04", released: "2026-04-01", retires: "2027-04-16" } as const;
  expect(supportOf(version, Date.parse("2026-03-31"))).toBe("upcoming");
  expect(supportOf(version, Date.parse("2027-04-16T14:59:59Z"))).toBe("supported");
  expect(supportOf(version, Date.parse("2027-04-16T15:00:00Z"))).toBe("retired");
});
