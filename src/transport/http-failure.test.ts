import { describe, expect, test } from "vitest";
import type { AnswerHead } from "./call.js";
import { httpFailure } from "./http-failure.js";

function head(status: number): AnswerHead {
  const requestId = "request-1";
  const unused = { servedVersion: null, deprecatedReason: null, date: null };
  return { status, requestId, retryAfter: 2_000, ...unused };
}

describe("an HTTP status", () => {
  test.each([
    [400, "InvalidResponseError", "notApplied"],
    [401, "AuthenticationError", "notApplied"],
    [402, "ShopUnavailableError", "notApplied"],
    [403, "AccessDeniedError", "notApplied"],
    [404, "ShopUnavailableError", "notApplied"],
    [405, "InvalidResponseError", "notApplied"],
    [406, "InvalidResponseError", "notApplied"],
    [408, "InvalidResponseError", "unknown"],
    [409, "InvalidResponseError", "notApplied"],
    [413, "InvalidResponseError", "notApplied"],
    [414, "InvalidResponseError", "notApplied"],
    [415, "InvalidResponseError", "notApplied"],
    [422, "InvalidResponseError", "notApplied"],
    [423, "ShopUnavailableError", "notApplied"],
    [429, "ThrottledError", "notApplied"],
    [430, "ThrottledError", "notApplied"],
    [500, "ServerError", "unknown"],
    [501, "ServerError", "unknown"],
    [502, "ServerError", "unknown"],
    [503, "ServerError", "unknown"],
    [504, "ServerError", "unknown"],
    [530, "ServerError", "unknown"],
    [540, "ServerError", "unknown"],
    [599, "ServerError", "unknown"],
    [199, "InvalidResponseError", "unknown"],
    [0, "NetworkError", "unknown"],
  ] as const)("%i is a %s, %s", (status, name, certainty) => {
    expect(httpFailure(head(status), "why")).toMatchObject({
      name,
      certainty,
      status,
      requestId: "request-1",
      body: "why",
      retryAfter: 2_000,
    });
  });

  test.each([400, 401, 403, 429])("%i proves nothing if its body broke off", (status) => {
    expect(httpFailure(head(status), null)).toMatchObject({ certainty: "unknown", body: null });
  });

  test.each([
    [
      '{"errors":"[API] Non-expiring access tokens are no longer accepted"}',
      "[API] Non-expiring access tokens are no longer accepted",
    ],
    ['{"errors":[{"message":"One"},{"message":"Two"}]}', "One; Two"],
    ['{"errors":{"base":["is locked"],"price":"is wrong"}}', "base is locked; price is wrong"],
    [
      '{"error":"invalid_token","error_description":"The token expired"}',
      "The token expired; invalid_token",
    ],
    ["Too many requests", "Too many requests"],
  ])("is said in Shopify's own words: %s", (body, words) => {
    expect(httpFailure(head(403), body).message).toBe(`Shopify denied access (403): ${words}`);
  });

  test.each([
    "",
    "<html><h1>Forbidden</h1></html>",
    "{}",
    "[]",
    "null",
    '{"errors":[]}',
    '{"errors":""}',
  ])("without words is said in ours: %s", (body) => {
    expect(httpFailure(head(403), body).message).toBe("Shopify denied access (403)");
  });

  test.each([
    [408, true],
    [429, true],
    [430, true],
    [500, true],
    [0, true],
    [400, false],
    [401, false],
    [402, false],
    [403, false],
    [404, false],
    [423, false],
  ])("%i is worth a retry: %s", (status, retryable) => {
    expect(httpFailure(head(status), "")).toMatchObject({ retryable });
  });
});
