import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactCause, redactJson } from "./redact.js";

const TOKEN = "shpat_3c1b7d0fe2a94586";

test("text without the token stays as it is", () => {
  expect(redact('{"a":"b\\n"}', TOKEN)).toBe('{"a":"b\\n"}');
});

test("the token is removed wherever it stands", () => {
  expect(redact(`${TOKEN}, ${TOKEN}`, TOKEN)).toBe("[redacted], [redacted]");
});

test("the token is removed from names and values of JSON, however it is escaped", () => {
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
      const text = redact(`{"${escaped}":["${escaped}","\\\\${escaped}","x"]}`, TOKEN);
      const value: unknown = JSON.parse(text);
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
  const token = 'a"b\\c/d-e';
  const text = JSON.stringify({ token, again: `"${token}"` });

  expect(JSON.parse(redact(text, token))).toEqual({ token: "[redacted]", again: '"[redacted]"' });
});

test("the token is removed in base64, wherever it begins, and in hexadecimal", () => {
  const surroundings = fc.tuple(
    fc.string({ unit: "binary-ascii" }),
    fc.string({ unit: "binary-ascii" }),
  );
  fc.assert(
    fc.property(
      surroundings,
      fc.constantFrom("base64", "base64url", "hex"),
      ([before, after], encoding) => {
        const encoded = Buffer.from(before + TOKEN + after).toString(encoding);
        const safe = redact(`Authorization: Basic ${encoded}.`, TOKEN);
        expect(safe).toContain("[redacted]");
        expect(Buffer.from(safe.slice(21), encoding).toString("latin1")).not.toContain(
          TOKEN.slice(2, -2),
        );
      },
    ),
    { numRuns: 500, seed: 3 },
  );
  expect(redact(Buffer.from(TOKEN).toString("hex").toUpperCase(), TOKEN)).toBe("[redacted]");
  expect(redact(encodeURIComponent(`?t=${TOKEN}&`).replace("s", "%73"), TOKEN)).toBe(
    "%3Ft%3D[redacted]%26",
  );
});

test("a token as short as a test's is no secret, and text stays readable", () => {
  expect(redact("the latest test subscription", "test")).toBe("the latest test subscription");
});

test("a JSON value without the token is itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(redactJson(value, TOKEN)).toBe(value);
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
