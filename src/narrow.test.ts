import { expect, test } from "vitest";
import { narrowUserErrors } from "./narrow.js";

test("without user errors, the rest of the payload", () => {
  expect(narrowUserErrors({ webhook: { id: "1" }, note: null, userErrors: [] })).toEqual({
    ok: true,
    payload: { webhook: { id: "1" }, note: null },
  });
});

test("with user errors, all of them as they came", () => {
  const userErrors = [
    { field: null, message: "No", code: "TAKEN" },
    { field: ["topic"], message: "Never", code: "INVALID" },
  ];

  expect(narrowUserErrors({ webhook: null, userErrors })).toEqual({ ok: false, userErrors });
});

test("leaves the payload as it was", () => {
  const payload = Object.freeze({ webhook: null, userErrors: Object.freeze([]) });

  narrowUserErrors(payload);

  expect(payload).toEqual({ webhook: null, userErrors: [] });
});
