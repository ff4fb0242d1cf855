import { createUsageBillingClient } from "shopify-usage-billing/2026-10";
import { createAdminSimulator } from "shopify-usage-billing/testing";
import { describe, expect, test } from "vitest";
import { NetworkError } from "./index.js";

const SECRET = "3c1b7d0fe2a94586b7c1d2e3f4a5b6c7";

/** What a call that fails, at once or later, says and where it was made. */
async function failureOf(call: () => unknown): Promise<string> {
  try {
    return `No failure: ${String(await call())}`;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  }
}

test.each(["shpat_", "shpca_", "shppa_", "shprt_", "shpss_", "shptka_", "shpua_", "atkn_2."])(
  "no message has a token that begins with %s",
  (prefix) => {
    const token = prefix + SECRET;
    const { message } = new NetworkError(`No host ${token}, nor "\\n${token}". Use ${token}.`);
    expect(message).toBe('No host [redacted], nor "\\n[redacted]". Use [redacted].');
  },
);

test.each(["example.myshopify.com", "shpmt_1", "gid://shopify/AppUsageRecord/1", "shpat_…"])(
  "a message keeps %s",
  (text) => {
    expect(new NetworkError(text).message).toBe(text);
  },
);

describe("a token that was passed by mistake is not printed", () => {
  const token = `shpat_${SECRET}`;
  const options = { shop: "example.myshopify.com", accessToken: "test", retry: false } as const;
  const billing = createUsageBillingClient(options);
  const admin = createAdminSimulator();
  const price = { amount: "1.00", currencyCode: "USD" } as const;
  const wrong = { [token]: true };
  const charge = { description: "1000 emails", price };

  test.each<[string, () => unknown]>([
    ["shop", () => createUsageBillingClient({ ...options, shop: token })],
    ["endpoint", () => createUsageBillingClient({ ...options, endpoint: token })],
    ["id", () => billing.usageRecord(token)],
    [
      "subscriptionLineItemId",
      () => billing.createUsageRecord({ ...charge, subscriptionLineItemId: token }),
    ],
    ["amount", () => billing.createUsageRecord({ ...charge, price: { ...price, amount: token } })],
    [
      "createdAfter",
      () => billing.findUsageRecord({ idempotencyKey: "event-1", createdAfter: token }),
    ],
    ["option", () => billing.createUsageRecord({ ...charge, ...wrong })],
    ["the simulator's shop", () => admin.addShop({ shop: token, accessToken: "test" })],
  ])("as %s", async (_, call) => {
    const failure = await failureOf(call);
    expect(failure).toContain("Error");
    expect(failure).not.toContain(SECRET);
  });
});
