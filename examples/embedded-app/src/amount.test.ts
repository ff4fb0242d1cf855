import { array, assert, bigInt, property } from "fast-check";
import { expect, test } from "vitest";
import { isAtLeast, roundedPercent, sum, times } from "./amount.js";

const cents = bigInt({ min: 0n, max: 10n ** 20n });
const print = (units: bigint): string => {
  const text = String(units).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
};

test("adds amounts of any size to the last digit", () => {
  expect(sum([])).toBe("0.00");
  expect(sum(["0.1", "0.2"])).toBe("0.30");
  expect(sum(["9007199254740993.01", "0.001"])).toBe("9007199254740993.011");
  expect(sum(["5", "-7.5"])).toBe("-2.50");
  assert(
    property(array(cents), (amounts) => {
      expect(sum(amounts.map(print))).toBe(print(amounts.reduce((a, b) => a + b, 0n)));
    }),
  );
});

test("multiplies amounts to whole cents", () => {
  expect(times("100.0", 1.5)).toBe("150.00");
  expect(times("0.01", 1.5)).toBe("0.01");
  expect(times("12.345", 2)).toBe("24.69");
});

test("compares amounts as numbers, not as text", () => {
  expect(isAtLeast("150.0", "150.00")).toBe(true);
  expect(isAtLeast("99.99", "100")).toBe(false);
  assert(property(cents, cents, (a, b) => isAtLeast(print(a), print(b)) === a >= b));
});

test.each([
  ["49.97", "100.00", 50],
  ["49.49", "100", 49],
  ["49.5", "100.0", 50],
  ["0", "100", 0],
  ["0.01", "100", 1],
  ["99.99", "100", 99],
  ["100.0", "100.00", 100],
  ["100.4", "100", 100],
  ["120.5", "100", 121],
  ["9007199254740993.01", "18014398509481986.02", 50],
  ["0", "0", 100],
])("%s of %s is %i percent", (used, cap, percent) => {
  expect(roundedPercent(used, cap)).toBe(percent);
});
