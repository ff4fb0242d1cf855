import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRedacted, redact, redactCause } from "./redact.js";

const TOKEN = "shpat_3c1b7d0fe2a94586";

test("text without the token stays as it is", () => {
  expect(redact('{"a":"b\\n"}', TOKEN)).toBe('{"a":"b\\n"}');
});

test("the token is removed wherever it stands", () => {
  expect(redact(`${TOKEN}, ${TOKEN}`, TOKEN)).toBe("[redacted], [redacted]");
});

test("JSON is read with the token removed from names and values, however it is escaped", () => {
  const escapes = fc
    .array(fc.constantFrom("plain", "lower", "upper", "twice"), {
      minLength: TOKEN.length,
      maxLength: TOKEN.length,
    })
    .map((styles) =>
      styles
        .map((style, index) => {
          const letter = TOKEN.charAt(index);
          const code = letter.charCodeAt(0).toString(16).padStart(4, "0");
          if (style === "plain") return letter;
          if (style === "lower") return `\\u${code}`;
          return style === "upper" ? `\\u${code.toUpperCase()}` : `\\\\u${code}`;
        })
        .join(""),
    );
  fc.assert(
    fc.property(escapes, (escaped) => {
      const value = parseRedacted(`{"${escaped}":["${escaped}","\\\\${escaped}","x"]}`, TOKEN);
      expect(value).toEqual({
        "[redacted]": [
          expect.stringContaining("[redacted]"),
          expect.stringContaining("[redacted]"),
          "x",
        ],
      });
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("a token with letters that JSON must escape", () => {
  const token = 'a"b\\c/d';
  const text = JSON.stringify({ token, again: `"${token}"` });

  expect(parseRedacted(text, token)).toEqual({ token: "[redacted]", again: '"[redacted]"' });
});

test("JSON without the token is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseRedacted(text, TOKEN)).toEqual(JSON.parse(text));
    }),
    { numRuns: 200, seed: 2 },
  );
});

test("a body of nothing but escapes is read in no time", () => {
  const start = performance.now();

  redact("\\".repeat(2_000_000), TOKEN);

  expect(performance.now() - start).toBeLessThan(2_000);
});

describe("a cause", () => {
  test("that shows nothing is kept itself", () => {
    const cause = new AggregateError(
      [Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104 })],
      "failed",
    );

    expect(redactCause(cause, TOKEN)).toBe(cause);
  });

  test("that shows the token becomes an error with its message", () => {
    const cause = new TypeError(`"${TOKEN}" is no header value`);

    const safe = redactCause(cause, TOKEN);

    expect(safe).toBeInstanceOf(Error);
    expect(safe).toMatchObject({ message: '"[redacted]" is no header value' });
  });
});
