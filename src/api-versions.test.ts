import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apiVersions, defaultApiVersion } from "./api-versions.js";

const filesIn = (folder: string, extension: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, file.length - extension.length))
    .sort();

describe("the table of versions", () => {
  const handles = apiVersions.map(({ handle }) => handle);

  it("has each version that there is a schema, documents and an entry for", () => {
    expect(handles).toEqual(filesIn("../schema", ".graphql"));
    expect(handles).toEqual(filesIn("./generated", "").filter((name) => !name.endsWith(".ts")));
    expect(handles).toEqual(filesIn("./versions", ".ts"));
  });

  it("begins with the oldest, and ends with unstable, which has no dates", () => {
    expect(handles[0]).toBe("2025-01");
    expect(apiVersions.at(-1)).toEqual({ handle: "unstable", released: null, retires: null });
  });

  it("has the main entry's version", () => {
    expect(handles).toContain(defaultApiVersion);
  });
});

describe.each(apiVersions)("the entry of $handle", ({ handle }) => {
  it("makes a client that speaks this version", async () => {
    const { createUsageBillingClient, UsageRecordDocument } = await import(
      `./versions/${handle}.ts`
    );
    const requested: string[] = [];
    const billing = createUsageBillingClient({
      shop: "example.myshopify.com",
      accessToken: "token",
      fetch: async (url: URL | string) => {
        requested.push(String(url));
        return Response.json({ data: { node: null } });
      },
    });
    await billing.query(UsageRecordDocument, { id: "gid://shopify/AppUsageRecord/1" });
    expect(requested).toEqual([`https://example.myshopify.com/admin/api/${handle}/graphql.json`]);
  });
});
