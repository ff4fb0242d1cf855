import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differsByCents, isPositive, subtract, toDecimalString } from "./money.js";

describe("the decimal that is sent", () => {
  test.each([
    ["a string to the letter", "1.50", "1.50"],
    ["more digits than a float holds", "9007199254740993.01", "9007199254740993.01"],
    ["leading zeros as they are", "007.10", "007.10"],
    ["a whole number", 1, "1"],
    ["a fraction", 12.5, "12.5"],
    ["the shortest decimal of a sum", 0.1 + 0.2, "0.30000000000000004"],
    ["zero without its sign", -0, "0"],
    ["a negative number", -1.5, "-1.5"],
    ["a small number without exponent", 1e-7, "0.0000001"],
    ["a small number with digits", 1.234e-7, "0.0000001234"],
    ["the smallest number", 5e-324, `0.${"0".repeat(323)}5`],
    ["a large number without exponent", 1e21, "1000000000000000000000"],
    ["a large number with digits", 1.2345e22, "12345000000000000000000"],
    ["a negative large number", -1e21, "-1000000000000000000000"],
    ["the largest number", Number.MAX_VALUE, `17976931348623157${"0".repeat(292)}`],
  ])("%s: %s", (_, amount, sent) => {
    expect(toDecimalString(amount)).toBe(sent);
  });

  test.each<[unknown, string]>([
    ["", "no digits"],
    [" 1", "a space before"],
    ["1 ", "a space after"],
    ["1\n", "a line end"],
    ["+1", "a plus"],
    [".5", "nothing before the point"],
    ["1.", "nothing after the point"],
    ["1,50", "a comma"],
    ["1_000", "an underscore"],
    ["1e3", "an exponent"],
    ["0x10", "another base"],
    ["--1", "two signs"],
    ["1.2.3", "two points"],
    ["١", "digits of another script"],
    ["NaN", "no number"],
    ["Infinity", "no end"],
    [Number.NaN, "no number"],
    [Number.POSITIVE_INFINITY, "no end"],
    [Number.NEGATIVE_INFINITY, "no end"],
    [1n, "a bigint"],
    [null, "null"],
    [undefined, "nothing"],
    [{}, "an object"],
    [["1"], "a list"],
  ])("not %s: %s", (amount) => {
    expect(toDecimalString(amount)).toBeNull();
  });

  test("of any finite number is that number, and has no exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = toDecimalString(value) ?? "";
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

test.each([
  ["1", true],
  ["0.0000000001", true],
  ["0", false],
  ["0.00", false],
  ["-0", false],
  ["-1", false],
  ["-0.01", false],
])("%s is above zero: %s", (amount, positive) => {
  expect(isPositive(amount)).toBe(positive);
});

describe("a difference", () => {
  test.each([
    ["100.0", "32.5", "67.5"],
    ["100", "100", "0.0"],
    ["1.0", "1.5", "-0.5"],
    ["9007199254740993.01", "0.01", "9007199254740993.0"],
    ["0.3", "0.1", "0.2"],
    ["1", "0.0001", "0.9999"],
    ["-1", "-3", "2.0"],
    ["0", "0.05", "-0.05"],
  ])("%s - %s = %s", (a, b, difference) => {
    expect(subtract(a, b)).toBe(difference);
  });

  test.each([
    ["", "1"],
    ["1", "one"],
    ["1e3", "1"],
  ])("of %j and %j is none", (a, b) => {
    expect(subtract(a, b)).toBeNull();
  });

  test("is exact at any size", () => {
    const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    const print = (value: bigint): string => {
      const digits = String(value < 0n ? -value : value).padStart(3, "0");
      return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    };
    const parse = (text: string): bigint => {
      const [whole = "", fraction = ""] = text.split(".");
      return (
        BigInt(whole.replace("-", "") + fraction.padEnd(2, "0")) * (text[0] === "-" ? -1n : 1n)
      );
    };
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(parse(subtract(print(a), print(b)) ?? "")).toBe(a - b);
      }),
      { numRuns: 500, seed: 2 },
    );
  });
});

test.each([
  ["1.00", "1", false],
  ["1.00", "1.009", false],
  ["1.00", "0.9901", false],
  ["1.00", "1.01", true],
  ["1.00", "0.99", true],
  ["1.005", "1.0", false],
  ["9007199254740993.01", "9007199254740993.00", true],
  ["9007199254740993.01", "9007199254740993.014", false],
  ["1", "-1", true],
  ["one", "1", true],
  ["one", "one", false],
])("%s and %s differ by a cent or more: %s", (a, b, differ) => {
  expect(differsByCents(a, b)).toBe(differ);
  expect(differsByCents(b, a)).toBe(differ);
});
