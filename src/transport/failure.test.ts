import {
  createRequest,
  gql,
  makeErrorResult,
  makeOperation,
  makeResult,
  type Operation,
  type OperationResult,
} from "@urql/core";
import { describe, expect, test } from "vitest";
import { NetworkError } from "../errors/connection-errors.js";
import { failureOf } from "./failure.js";

function operation(kind: "query" | "mutation"): Operation {
  const context = { url: "", requestPolicy: "network-only" } as const;
  return makeOperation(kind, createRequest(gql(`${kind} { charge }`), {}), context);
}

const MUTATION = operation("mutation");
const CHARGE = ["appUsageRecordCreate"];

function answered(answer: Parameters<typeof makeResult>[1], kind = MUTATION): OperationResult {
  return makeResult(kind, answer);
}

function error(code: string | null, rest: object = {}): { message: string } {
  return { message: `It says ${code}`, ...(code !== null && { extensions: { code } }), ...rest };
}

const PLACE = { locations: [{ line: 1, column: 1 }] };

describe("GraphQL errors", () => {
  test.each([
    // Decided on the cost, before execution.
    ["ThrottledError", "notApplied", { errors: [error("THROTTLED")] }],
    ["GraphQLRequestError", "notApplied", { errors: [error("MAX_COST_EXCEEDED")] }],
    ["ThrottledError", "unknown", { errors: [error("THROTTLED")], data: {} }],
    // Refused on the mutation's own path.
    [
      "AccessDeniedError",
      "notApplied",
      { errors: [error("ACCESS_DENIED", { path: CHARGE })], data: null },
    ],
    // Refused on a field of what it made.
    [
      "AccessDeniedError",
      "unknown",
      { errors: [error("ACCESS_DENIED", { path: [...CHARGE, "appUsageRecord"] })], data: null },
    ],
    ["AccessDeniedError", "unknown", { errors: [error("ACCESS_DENIED")], data: null }],
    // Anything may have been executed.
    ["ServerError", "unknown", { errors: [error("INTERNAL_SERVER_ERROR")] }],
    ["ServerError", "unknown", { errors: [error("INTERNAL_SERVER_ERROR", PLACE)] }],
    ["ServerError", "unknown", { errors: [error("TIMEOUT", PLACE)] }],
    ["GraphQLRequestError", "unknown", { errors: [error("SOMETHING_NEW")] }],
    ["GraphQLRequestError", "unknown", { errors: [error(null)] }],
    // Validation.
    ["GraphQLRequestError", "notApplied", { errors: [error("undefinedField", PLACE)] }],
    ["GraphQLRequestError", "notApplied", { errors: [error("INVALID_VARIABLE", PLACE)] }],
    ["GraphQLRequestError", "unknown", { errors: [error(null, PLACE)] }],
    ["GraphQLRequestError", "unknown", { errors: [error("undefinedField", PLACE)], data: null }],
    // One that leaves it open is enough.
    ["ThrottledError", "unknown", { errors: [error("THROTTLED"), error("INTERNAL_SERVER_ERROR")] }],
  ] as const)("%s, %s: %j", (name, certainty, answer) => {
    const failure = failureOf(answered({ ...answer, errors: [...answer.errors] }));

    expect(failure).toMatchObject({ name, certainty });
    expect(failure?.message).not.toBe("");
  });

  test("of a query leave nothing open", () => {
    const result = answered({ errors: [error("INTERNAL_SERVER_ERROR")] }, operation("query"));

    expect(failureOf(result)).toMatchObject({ name: "ServerError", certainty: "notApplied" });
  });

  test("are kept as Shopify gave them", () => {
    const problems = [{ path: ["price", "amount"], explanation: "invalid decimal" }];
    const errors = [
      {
        message: "Variable $price is invalid",
        locations: [{ line: 1, column: 20 }],
        path: CHARGE,
        extensions: { code: "INVALID_VARIABLE", problems },
      },
      { message: "Something plain", locations: [{ line: 2, column: 3 }] },
    ];

    expect(failureOf(answered({ errors }))).toMatchObject({
      message: "Shopify refused the request: Variable $price is invalid; Something plain",
      errors,
    });
  });

  test("that throttle tell how long the points take", () => {
    const cost = {
      requestedQueryCost: 50,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 10, restoreRate: 100 },
    };

    const failure = failureOf(answered({ errors: [error("THROTTLED")], extensions: { cost } }));

    expect(failure).toMatchObject({ name: "ThrottledError", retryAfter: 400 });
    expect(failureOf(answered({ errors: [error("THROTTLED")] }))).toMatchObject({
      retryAfter: null,
    });
  });

  test("without a reason to think otherwise, data is no failure", () => {
    expect(failureOf(answered({ data: { charge: null } }))).toBeNull();
  });

  test("are classified once", () => {
    const result = answered({ errors: [error("THROTTLED")] });

    expect(failureOf(result)).toBe(failureOf(result));
  });
});

describe("a failed request", () => {
  test("of our own exchange is its own error", () => {
    const failure = new NetworkError("broken", { certainty: "unknown" });

    expect(failureOf(makeErrorResult(MUTATION, failure))).toBe(failure);
  });

  test("of another fetch exchange may have been executed", () => {
    const cause = new TypeError("fetch failed");

    expect(failureOf(makeErrorResult(MUTATION, cause))).toMatchObject({
      name: "NetworkError",
      certainty: "unknown",
      message: "The request failed: fetch failed",
      cause,
    });
  });

  test("of another fetch exchange leaves nothing open where it only read", () => {
    expect(
      failureOf(makeErrorResult(operation("query"), new TypeError("fetch failed"))),
    ).toMatchObject({ name: "NetworkError", certainty: "notApplied" });
  });
});
