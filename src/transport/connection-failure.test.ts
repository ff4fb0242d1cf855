import { describe, expect, test } from "vitest";
import { neverConnected } from "./connection-failure.js";

function failed(code: string, depth = 1): Error {
  let error = Object.assign(new Error(code), { code });
  for (let level = 0; level < depth; level += 1) {
    error = Object.assign(new TypeError("fetch failed", { cause: error }), { code: "" });
  }
  return error;
}

describe("no connection was made", () => {
  test.each([
    "ECONNREFUSED",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_CONNECT_TIMEOUT",
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ])("%s", (code) => {
    expect(neverConnected(failed(code))).toBe(true);
    expect(neverConnected(failed(code, 0))).toBe(true);
    expect(neverConnected(failed(code, 3))).toBe(true);
  });

  test("where all addresses of a host refused", () => {
    const all = new AggregateError([failed("ECONNREFUSED"), failed("EHOSTUNREACH")]);

    expect(neverConnected(new TypeError("fetch failed", { cause: all }))).toBe(true);
  });
});

describe("a connection may have been made", () => {
  test.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ETIMEDOUT", "UND_ERR_HEADERS_TIMEOUT", ""])(
    "%s",
    (code) => {
      expect(neverConnected(failed(code))).toBe(false);
    },
  );

  test("where one of a host's addresses did not refuse", () => {
    const mixed = new AggregateError([failed("ECONNREFUSED"), failed("ECONNRESET")]);

    expect(neverConnected(new TypeError("fetch failed", { cause: mixed }))).toBe(false);
  });

  test("where nothing is known", () => {
    const circle = new Error("round");
    circle.cause = circle;

    expect(neverConnected(circle)).toBe(false);
    expect(neverConnected(new AggregateError([]))).toBe(false);
    expect(neverConnected("ECONNREFUSED")).toBe(false);
    expect(neverConnected(null)).toBe(false);
  });
});
