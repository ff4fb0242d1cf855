import { describe, expect, test } from "vitest";
import { bar } from "./bar.js";
import { clock, distance, moment } from "./moment.js";
import { add, partOf, percent, price } from "./price.js";
import { printable, printableJson, withoutStrayControls } from "./printable.js";
import { shellWord } from "./shell-word.js";

describe("a bar", () => {
  test.each([
    [0, "░░░░"],
    [0.000001, "▏░░░"],
    [0.25, "█░░░"],
    [0.5, "██░░"],
    [0.56, "██▎░"],
    [0.999999, "███▉"],
    [1, "████"],
    [1.5, "████"],
    [-1, "░░░░"],
  ])("of %d is %s", (part, expected) => {
    expect(bar(part, 4)).toBe(expected);
  });
});

describe("a price", () => {
  test.each([
    ["12.5", "USD", "12.50 USD"],
    ["1.0", "JPY", "1 JPY"],
    ["0.00125", "USD", "0.00125 USD"],
    ["9007199254740993.01", "USD", "9007199254740993.01 USD"],
    ["1.0", "KWD", "1.000 KWD"],
    ["1.0", "USDC", "1.00 USDC"],
    ["-20.0", "USD", "-20.00 USD"],
  ])("of %s %s is %s", (amount, currencyCode, expected) => {
    expect(price({ amount, currencyCode })).toBe(expected);
  });

  test("adds up exactly", () => {
    expect(add("0.1", "0.2")).toBe("0.3");
    expect(add("9007199254740993.01", "0.01")).toBe("9007199254740993.02");
    expect(add("1", "-3")).toBe("-2.0");
  });

  test("is a part of its cap", () => {
    const usd = (amount: string): { amount: string; currencyCode: string } => ({
      amount,
      currencyCode: "USD",
    });
    expect(percent(partOf(usd("12.5"), usd("100")))).toBe("12.5 %");
    expect(percent(partOf(usd("99.999"), usd("100")))).toBe("99.9 %");
    expect(percent(partOf(usd("0"), usd("0")))).toBe("100 %");
  });
});

describe("a moment", () => {
  test("is Shopify's date and time", () => {
    expect(moment("2026-01-31T12:00:00Z")).toBe("2026-01-31 12:00:00");
  });

  test.each([
    [30 * 86_400_000, "in 30 days"],
    [-3 * 3_600_000, "3 hours ago"],
    [90_000, "in 2 minutes"],
    [100 * 60_000, "in 1 hour 40 minutes"],
    [47 * 3_600_000, "in 1 day 23 hours"],
    [10_000, "now"],
  ])("%i ms away is %s", (milliseconds, expected) => {
    expect(distance(milliseconds)).toBe(expected);
  });

  test.each([
    [0, "0:00"],
    [7_400, "0:07"],
    [754_000, "12:34"],
    [3_600_000, "1:00:00"],
    [3_599_600, "1:00:00"],
  ])("%i ms are %s", (milliseconds, expected) => {
    expect(clock(milliseconds)).toBe(expected);
  });
});

describe("text from outside", () => {
  test("does not control the terminal", () => {
    expect(printable("\u001b[2Jgone\r\n\u0007next\u0085line\u202eright\u009b2J\u061cmark")).toBe(
      " [2Jgone next line right 2J mark",
    );
    expect(printable("żółć 文字 👍 👩‍💻")).toBe("żółć 文字 👍 👩‍💻");
  });

  test("is filtered once more on its way, without our colours and line breaks", () => {
    expect(
      withoutStrayControls("\u001b[31mred\u001b[0m\n\ta\u001b]0;title\u0007b\u009bc\u061cd"),
    ).toBe("\u001b[31mred\u001b[0m\n\ta ]0;title b c d");
  });

  test("is escaped in JSON, which reads back the same", () => {
    const value = { a: "\u009b2J\u061c\u202e\u007f\u2028" };
    const json = printableJson(value);
    expect(json).toBe(String.raw`{"a":"\u009b2J\u061c\u202e\u007f\u2028"}`);
    expect(JSON.parse(json)).toEqual(value);
  });
});

test("a shell word is quoted if it has to be", () => {
  expect(shellWord("event-1:a/b")).toBe("event-1:a/b");
  expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`);
});
