import { describe, expect, test } from "vitest";
import { isUserError, usageRecordUserErrorCode } from "./user-error.js";

describe("the code of a usage record's user error", () => {
  test.each([
    ["CAPPED_AMOUNT_EXCEEDED", null, "Total price exceeds balance remaining"],
    ["CHARGE_FAILED", null, "Failed to create usage charge"],
    ["IDEMPOTENCY_KEY_TOO_LONG", ["idempotencyKey"], "Idempotency key exceeds the maximum length."],
    [
      "IDEMPOTENCY_KEY_IN_USE",
      ["idempotencyKey"],
      "Another request for the same idempotency key is being processed. Please try again.",
    ],
    ["DESCRIPTION_BLANK", ["description"], "Description can't be blank"],
    ["DESCRIPTION_BLANK", ["description"], "Description can’t be blank"],
    ["LINE_ITEM_NOT_FOUND", ["subscriptionLineItemId"], "Invalid id"],
    ["SUBSCRIPTION_NOT_ACTIVE", null, "Subscription is not active"],
    ["BILLING_NOT_ALLOWED", null, "Custom apps cannot use the Billing API"],
    ["BILLING_NOT_ALLOWED", null, "Apps without a public distribution cannot use the Billing API"],
    [
      "BILLING_NOT_ALLOWED",
      null,
      "Managed Pricing Apps cannot use the Billing API (to create charges).",
    ],
    ["UNKNOWN", ["price"], "must be greater than zero"],
    ["UNKNOWN", ["somethingElse"], "Invalid id"],
    ["UNKNOWN", null, "Der Preis überschreitet das Guthaben"],
    ["UNKNOWN", null, ""],
  ] as const)("%s: %j %s", (code, field, message) => {
    expect(usageRecordUserErrorCode({ field, message })).toBe(code);
  });
});

test.each([
  [{ field: null, message: "No" }, true],
  [{ field: ["price"], message: "No" }, true],
  [{ message: "No" }, true],
  [{ field: "price", message: "No" }, false],
  [{ field: null }, false],
  [{ field: null, message: 5 }, false],
  ["No", false],
  [null, false],
])("%j is a user error: %s", (value, is) => {
  expect(isUserError(value)).toBe(is);
});
