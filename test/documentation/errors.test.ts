/** Does docs/errors.md speak of every error, and truly of when it is repeated? */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as errors from "../../src/errors/index.js";
import { UsageBillingError, createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator, type FaultName } from "shopify-usage-billing/testing";
import { describe, expect, it } from "vitest";
import { anchorsOf, root } from "./page.js";

const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const classes = Object.keys(errors).filter(
  (name) => name.endsWith("Error") && !["UsageBillingError", "isUsageBillingError"].includes(name),
);

it.each(classes)("has a section and a row for %s", (name) => {
  expect(anchorsOf("docs/errors.md")).toContain(name.toLowerCase());
  expect(page).toContain(`| [\`${name}\`](#${name.toLowerCase()})`);
});

it("has a row for every code of a user error", () => {
  const source = readFileSync(join(root, "src/user-error.ts"), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code = ""]) => code);
  expect(codes).toContain("UNKNOWN");
  for (const code of codes) expect(page).toContain(`| \`${code}\` `);
});

describe("what errors.md says of", () => {
  const rows: readonly (readonly [FaultName, string, string, "repeated" | "sent once"])[] = [
    ["unauthorized", "AuthenticationError", "notApplied", "sent once"],
    ["accessDenied", "AccessDeniedError", "notApplied", "sent once"],
    ["tooManyRequests", "ThrottledError", "notApplied", "repeated"],
    ["serverErrorAfter", "ServerError", "unknown", "repeated"],
    ["internalErrorBefore", "ServerError", "unknown", "repeated"],
    ["lostAfter", "NetworkError", "unknown", "repeated"],
    ["noAnswerBefore", "TimeoutError", "unknown", "repeated"],
    ["redirect", "InvalidResponseError", "notApplied", "sent once"],
    ["requestTimeoutAfter", "InvalidResponseError", "unknown", "repeated"],
    ["brokenJson", "InvalidResponseError", "unknown", "repeated"],
  ];

  it.each(rows)("%s: %s, %s, %s", async (fault, name, certainty, sent) => {
    const admin = createAdminSimulator();
    const shop = { shop: "example.myshopify.com", accessToken: "token" };
    const cappedAmount = { amount: "100.00", currencyCode: "USD" };
    admin.addShop(shop).createSubscription({ cappedAmount, status: "ACTIVE" });
    admin.faults.rate({ [fault]: fault === "tooManyRequests" ? { rate: 1, retryAfter: 0 } : 1 });
    const billing = createUsageBillingClient({
      ...shop,
      fetch: admin.fetch,
      // Short only where there is nothing to wait for.
      timeout: fault === "noAnswerBefore" ? 20 : 10_000,
      retry: { attempts: 3, minDelay: 1, maxDelay: 1 },
    });
    const subscriptionLineItemId = admin.shops[0]?.activeSubscription?.usageLineItem?.id;
    const outcome: unknown = await billing
      .createUsageRecord({
        description: "1000 emails",
        price: { amount: "1.00", currencyCode: "USD" },
        subscriptionLineItemId,
      })
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(UsageBillingError);
    expect(outcome).toMatchObject({ name, certainty, attempts: sent === "repeated" ? 3 : 1 });
  });
});
