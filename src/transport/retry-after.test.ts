import { expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.js";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test.each([
  ["2", 2_000],
  ["2.0", 2_000],
  [" 2 ", 2_000],
  ["0.25", 250],
  ["0.0001", 1],
  ["0", 0],
  ["120", 120_000],
  ["Sat, 21 Nov 2026 12:00:30 GMT", 30_000],
  ["Sat, 21 Nov 2026 11:59:30 GMT", 0],
  // A timer cannot be set to longer waits: an app that hands them to `setTimeout` would ask at once.
  ["315360000", 86_400_000],
  ["9".repeat(400), 86_400_000],
  ["Sat, 21 Nov 2126 12:00:00 GMT", 86_400_000],
])("%s", (header, wait) => {
  expect(parseRetryAfter(header, NOW)).toBe(wait);
});

test.each([null, "", "-5", "1e3", "soon", "2,5", "NaN", "Infinity", "1 2"])(
  "%j says nothing",
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  },
);
