import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

/** The `User-Agent` that a freshly loaded client sends. */
async function userAgent(): Promise<string | null> {
  vi.resetModules();
  const { createUsageBillingClient } = await import("../versions/2026-10.js");
  let sent: string | null = null;
  const billing = createUsageBillingClient({
    shop: "example.myshopify.com",
    accessToken: "shpat_1",
    retry: false,
    fetch: async (url, init) => {
      sent = new Request(url, init).headers.get("user-agent");
      return new Response(null, { status: 404 });
    },
  });
  await billing.activeUsageLineItem().catch(() => undefined);
  return sent;
}

afterEach(() => vi.unstubAllGlobals());

it("names the package and its version", async () => {
  expect(await userAgent()).toBe(`shopify-usage-billing/${version}`);
});

it.each(["document", "importScripts"])("is the browser's own where there is %s", async (name) => {
  vi.stubGlobal(name, {});
  expect(await userAgent()).toBeNull();
});
