import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { describe, expect, it, vi } from "vitest";
import { dayBefore, printReport, usageReport } from "./report.js";

describe("usageReport", () => {
  it("adds up a day exactly, and reads no further back", async () => {
    const admin = createAdminSimulator({ now: "2026-11-21T03:00:00Z" });
    const shop = admin.addShop({ shop: "example.myshopify.com", accessToken: "token" });
    const cappedAmount = { amount: "1000.00", currencyCode: "USD" };
    shop.createSubscription({ cappedAmount, status: "ACTIVE" });
    shop.addUsageRecords([
      // Years of history, which the report must not read.
      ...Array.from({ length: 2000 }, () => ({ price: "9", createdAt: "2025-01-01T00:00:00Z" })),
      { price: "5", description: "1000 emails", createdAt: "2026-11-19T23:59:59Z" },
      { price: "0.10", description: "1000 emails", createdAt: "2026-11-20T00:00:00Z" },
      { price: "0.20", description: "1000 emails", createdAt: "2026-11-20T12:00:00Z" },
      { price: "0.07", description: "100 texts", createdAt: "2026-11-20T23:59:59Z" },
      { price: "7", description: "1000 emails", createdAt: "2026-11-21T00:00:00Z" },
    ]);
    const billing = createUsageBillingClient({
      shop: "example.myshopify.com",
      accessToken: "token",
      fetch: admin.fetch,
    });

    const day = dayBefore(new Date("2026-11-21T03:00:00Z"));
    const lines = await usageReport(billing, day);

    expect(lines).toEqual([
      { description: "100 texts", currencyCode: "USD", records: 1, amount: "0.07" },
      { description: "1000 emails", currencyCode: "USD", records: 2, amount: "0.30" },
    ]);
    // The look-up of the line item, and one page of records.
    expect(admin.requests).toHaveLength(2);
    expect(printReport("example.myshopify.com", day, lines)).toBe(
      "example.myshopify.com, 2026-11-20\n" +
        "  1 × 100 texts: 0.07 USD\n" +
        "  2 × 1000 emails: 0.30 USD",
    );
    expect(printReport("example.myshopify.com", day, [])).toMatch(/nothing charged$/);
  });
});

it("runs as a program", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("./main.js");
  const printed = log.mock.calls.join("\n");
  log.mockRestore();
  expect(printed).toMatch(/^first\.myshopify\.com, \d{4}-\d\d-\d\d$/m);
  expect(printed).toContain("  8 × 100 texts: 0.80 USD\n  16 × 1000 emails: 1.60 USD");
});
