import { expect, test } from "vitest";
import { isKeyInUse } from "./retrying.js";

const IN_USE = "Another request for the same idempotency key is being processed. Please try again.";

test.each([
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: IN_USE }] } }, true],
  [{ alias: { userErrors: [{ message: "No" }, { message: IN_USE }] } }, true],
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: "No" }] } }, false],
  [{ appUsageRecordCreate: { userErrors: [] } }, false],
  [{ appUsageRecordCreate: { userErrors: [null] } }, false],
  [{ appUsageRecordCreate: null }, false],
  [{ appUsageRecordCreate: IN_USE }, false],
  [null, false],
  [undefined, false],
  [IN_USE, false],
])("%j: the key is in use: %s", (data, inUse) => {
  expect(isKeyInUse(data)).toBe(inUse);
});
