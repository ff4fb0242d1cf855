import { expect, test } from "vitest";
import { withoutValues } from "./without-values.js";

test.each([
  ["error: unknown option '--token=secret'", "error: unknown option '--token'"],
  ["error: unknown option '-t=secret'", "error: unknown option '-t'"],
  ["error: unknown command 'shpat_0123abc'", "error: unknown command '[redacted]'"],
  [
    "option '--limit <n>' argument 'shpca_1' is invalid",
    "option '--limit <n>' argument '[redacted]' is invalid",
  ],
  ["error: unknown command 'atkn_2.CgYIabc-1'", "error: unknown command '[redacted]'"],
  ["error: unknown command 'shpmt_1'", "error: unknown command 'shpmt_1'"],
  ["error: too many arguments", "error: too many arguments"],
])("%s", (message, expected) => {
  expect(withoutValues(message)).toBe(expected);
});
