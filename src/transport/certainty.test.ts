import { describe, expect, test } from "vitest";
import type { GraphQLErrorEntry } from "../errors/graphql-request-error.js";
import {
  certaintyOfConnectionError,
  certaintyOfErrors,
  certaintyOfStatus,
  OpenAttempts,
} from "./certainty.js";

describe("attempts", () => {
  test("leave nothing open before the first", () => {
    expect(new OpenAttempts().certainty).toBe("notApplied");
  });

  test("are open from the moment they are handed over, until a proof", () => {
    const attempts = new OpenAttempts();
    const takeBack = attempts.open();
    expect(attempts.certainty).toBe("unknown");
    takeBack();
    expect(attempts.certainty).toBe("notApplied");
  });

  test("are proven one by one: a proof for one says nothing about another", () => {
    const attempts = new OpenAttempts();
    attempts.open();
    const takeBack = attempts.open();
    takeBack();
    takeBack();
    expect(attempts.certainty).toBe("unknown");
  });

  test("before a refusal decide, and the refused one does not", () => {
    const attempts = new OpenAttempts();
    attempts.open();
    expect(attempts.certaintyBesidesRefusal).toBe("notApplied");
    attempts.open();
    expect(attempts.certaintyBesidesRefusal).toBe("unknown");
  });
});

test.each([
  [300, "notApplied"],
  [307, "notApplied"],
  [400, "notApplied"],
  [401, "notApplied"],
  [429, "notApplied"],
  [430, "notApplied"],
  [498, "notApplied"],
  [499, "unknown"],
  [0, "unknown"],
  [199, "unknown"],
  [200, "unknown"],
  [303, "unknown"],
  [408, "unknown"],
  [500, "unknown"],
  [599, "unknown"],
  [600, "unknown"],
  [Number.NaN, "unknown"],
] as const)("status %d is %s, and unknown if the answer is not whole", (status, certainty) => {
  expect(certaintyOfStatus(status, true)).toBe(certainty);
  expect(certaintyOfStatus(status, false)).toBe("unknown");
});

describe("an error of fetch", () => {
  function failed(facts: object, depth = 1): Error {
    let error: Error = Object.assign(new Error("failed"), facts);
    for (let level = 0; level < depth; level += 1) {
      error = new TypeError("fetch failed", { cause: error });
    }
    return error;
  }

  test.each([
    { code: "ECONNREFUSED", syscall: "connect" },
    { code: "EHOSTUNREACH", syscall: "connect" },
    { code: "ENETUNREACH", syscall: "connect" },
    { code: "ETIMEDOUT", syscall: "connect" },
    { code: "ENOTFOUND", syscall: "getaddrinfo" },
    { code: "EAI_AGAIN", syscall: "getaddrinfo" },
    { code: "UND_ERR_CONNECT_TIMEOUT" },
    { code: "CERT_HAS_EXPIRED" },
    { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    // As node-fetch has it.
    { code: "ECONNREFUSED", errno: "ECONNREFUSED", type: "system" },
  ])("%j proves that no connection was made", (facts) => {
    expect(certaintyOfConnectionError(failed(facts))).toBe("notApplied");
    expect(certaintyOfConnectionError(failed(facts, 0))).toBe("notApplied");
    expect(certaintyOfConnectionError(failed(facts, 3))).toBe("notApplied");
  });

  test.each([
    { code: "EHOSTUNREACH", syscall: "read" },
    { code: "ECONNREFUSED", syscall: "read" },
    { code: "EHOSTUNREACH" },
    { code: "ENETUNREACH" },
    { code: "ECONNRESET", syscall: "read" },
    { code: "EPIPE", syscall: "write" },
    { code: "ECONNRESET" },
    { code: "ETIMEDOUT" },
    { code: "UND_ERR_SOCKET" },
    { code: "UND_ERR_HEADERS_TIMEOUT" },
    { code: "" },
    {},
  ])("%j proves nothing", (facts) => {
    expect(certaintyOfConnectionError(failed(facts))).toBe("unknown");
  });

  test("of a host with several addresses must prove it for each", () => {
    const refused = { code: "ECONNREFUSED", syscall: "connect" };
    const all = new AggregateError([failed(refused, 0), failed(refused, 0)]);
    const some = new AggregateError([
      failed(refused, 0),
      failed({ code: "ECONNRESET", syscall: "read" }, 0),
    ]);
    expect(certaintyOfConnectionError(new TypeError("failed", { cause: all }))).toBe("notApplied");
    expect(certaintyOfConnectionError(new TypeError("failed", { cause: some }))).toBe("unknown");
  });

  test("is read from the outside: a broken connection proves nothing, whatever caused it", () => {
    const broken = failed({ code: "ECONNRESET", cause: failed({ code: "ECONNREFUSED" }, 0) }, 0);
    expect(certaintyOfConnectionError(broken)).toBe("unknown");
  });

  test("of any other shape proves nothing", () => {
    const circle = new Error("round");
    circle.cause = circle;
    const circles = new AggregateError([]);
    circles.errors.push(circles);
    for (const error of [circle, circles, new AggregateError([]), "ECONNREFUSED", null, {}]) {
      expect(certaintyOfConnectionError(error)).toBe("unknown");
    }
  });
});

describe("GraphQL errors", () => {
  const FIELD = "appUsageRecordCreate";
  const error = (code: string | null, path?: unknown): GraphQLErrorEntry => {
    const entry = { message: "No", ...(code !== null && { extensions: { code } }) };
    return path === undefined ? entry : { ...entry, path: path as string[] }; // JSON may hold any
  };

  test.each([
    ["THROTTLED", undefined],
    ["MAX_COST_EXCEEDED", undefined],
    ["INVALID_VARIABLE", undefined],
    ["PARSE_ERROR", undefined],
    ["undefinedField", undefined],
    // As Shopify's validation errors have it: a path into the document.
    ["undefinedField", ["mutation Charge", FIELD]],
  ])("%s with path %j and without data is decided before execution", (code, path) => {
    expect(certaintyOfErrors([error(code, path)], undefined, 1)).toBe("notApplied");
    expect(certaintyOfErrors([error(code, path)], null, 1)).toBe("unknown");
    expect(certaintyOfErrors([error(code, path)], {}, 1)).toBe("unknown");
  });

  test.each([
    ["INTERNAL_SERVER_ERROR", undefined],
    ["TIMEOUT", undefined],
    ["SOMETHING_NEW", undefined],
    [null, undefined],
    [null, [FIELD]],
    ["THROTTLED", [FIELD]],
    ["THROTTLED", ["mutations"]],
    ["RESOURCE_NOT_FOUND", [FIELD]],
    ["undefinedField", FIELD],
  ])("%s with path %j proves nothing", (code, path) => {
    expect(certaintyOfErrors([error(code, path)], undefined, 1)).toBe("unknown");
    expect(certaintyOfErrors([error(code, path)], { [FIELD]: null }, 1)).toBe("unknown");
  });

  test("must each be a proof", () => {
    const errors = [error("THROTTLED"), error("INTERNAL_SERVER_ERROR")];
    expect(certaintyOfErrors(errors, undefined, 1)).toBe("unknown");
    expect(certaintyOfErrors([], undefined, 1)).toBe("unknown");
  });

  test.each([
    ["the root field", [FIELD], { [FIELD]: null }, 1, "notApplied"],
    ["a root field that is not nullable", [FIELD], null, 1, "notApplied"],
    ["the root field, without data", [FIELD], undefined, 1, "notApplied"],
    ["a field of what was made", [FIELD, "appUsageRecord"], { [FIELD]: {} }, 1, "unknown"],
    ["the root field, which has data all the same", [FIELD], { [FIELD]: {} }, 1, "unknown"],
    ["one of two root fields", [FIELD], { [FIELD]: null, b: null }, 2, "unknown"],
    ["one of two root fields, the other not nullable", [FIELD], null, 2, "unknown"],
    ["no path", undefined, null, 1, "unknown"],
    ["a path that is none", FIELD, null, 1, "unknown"],
  ] as const)("ACCESS_DENIED on %s", (_, path, data, rootFields, certainty) => {
    const errors = [error("ACCESS_DENIED", path)];
    expect(certaintyOfErrors(errors, data, rootFields)).toBe(certainty);
  });
});
