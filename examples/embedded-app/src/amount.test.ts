import { array, assert, bigInt, property } from "fast-check";
import { expect, test } from "vitest";
import { isAtLeast, sum, times } from "./amount.js";

const cents = bigInt({ min: 0n, max: 10n ** 20n });
const print = (units: bigint): string => {
  const text = String(units).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
};

test("amounts are added to the last digit, whatever their size", () => {
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

test("amounts are multiplied to whole cents", () => {
  expect(times("100.0", 3n, 2n)).toBe("150.00");
  expect(times("0.01", 3n, 2n)).toBe("0.01");
  expect(times("12.345", 2n, 1n)).toBe("24.69");
});

test("amounts are compared as numbers, not as text", () => {
  expect(isAtLeast("150.0", "150.00")).toBe(true);
  expect(isAtLeast("99.99", "100")).toBe(false);
  assert(property(cents, cents, (a, b) => isAtLeast(print(a), print(b)) === a >= b));
});
