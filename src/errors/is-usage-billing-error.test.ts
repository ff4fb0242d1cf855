import { inspect } from "node:util";
import { build } from "esbuild";
import { expect, expectTypeOf, test } from "vitest";
import {
  AbortedError,
  AccessDeniedError,
  AccessTokenError,
  AuthenticationError,
  GraphQLRequestError,
  IdempotencyConflictError,
  InvalidInputError,
  InvalidResponseError,
  isUsageBillingError,
  NetworkError,
  NoActiveUsageLineItemError,
  ServerError,
  ShopUnavailableError,
  ThrottledError,
  TimeoutError,
  type AnyUsageBillingError,
} from "./index.js";

const usageRecord = {
  id: "gid://shopify/AppUsageRecord/1",
  createdAt: "2026-11-21T12:00:00Z",
  description: "1000 emails",
  idempotencyKey: "event-1",
  price: { amount: "1.0", currencyCode: "USD" },
  subscriptionLineItem: { id: "gid://shopify/AppSubscriptionLineItem/1" },
};

const ERRORS: readonly (readonly [AnyUsageBillingError, "retryable" | "final"])[] = [
  [new AbortedError("x"), "retryable"],
  [new AccessTokenError("x"), "retryable"],
  [new NetworkError("x"), "retryable"],
  [new ServerError("x"), "retryable"],
  [new ThrottledError("x"), "retryable"],
  [new TimeoutError("x"), "retryable"],
  [new AccessDeniedError("x"), "final"],
  [new AuthenticationError("x"), "final"],
  [new GraphQLRequestError("x", { errors: [] }), "final"],
  [new IdempotencyConflictError("x", { usageRecord }), "final"],
  [new InvalidInputError("x", "must be y"), "final"],
  [new InvalidResponseError("x"), "final"],
  [new NoActiveUsageLineItemError("x"), "final"],
  [new ShopUnavailableError("x"), "final"],
];

test.each(ERRORS)("recognizes $name", (error, kind) => {
  expect(isUsageBillingError(error)).toBe(true);
  expect(error).toMatchObject({ retryable: kind === "retryable", retryAfter: null });
  expect(inspect(error)).not.toContain("shopify-usage-billing.error");
});

test("recognizes the errors of another copy of the package, such as its CommonJS one", async () => {
  const { outputFiles } = await build({
    entryPoints: [new URL("index.ts", import.meta.url).pathname],
    bundle: true,
    format: "cjs",
    write: false,
  });
  const module: { exports: Record<string, new (message: string) => Error> } = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval -- as `require` evaluates a module
  new Function("module", outputFiles[0]?.text ?? "")(module);
  const Other = module.exports["NetworkError"];

  const error = Other && new Other("broken");

  expect(error).not.toBeInstanceOf(NetworkError);
  expect(isUsageBillingError(error)).toBe(true);
});

test.each([null, undefined, "NetworkError", new Error("x"), { name: "NetworkError" }])(
  "does not recognize %j",
  (value) => {
    expect(isUsageBillingError(value)).toBe(false);
  },
);

test("narrows to a union that a switch can exhaust", () => {
  const describe = (error: unknown): string => {
    if (!isUsageBillingError(error)) return "another error";
    switch (error.name) {
      case "GraphQLRequestError":
        return `${error.errors.length} GraphQL errors`;
      case "IdempotencyConflictError":
        return error.usageRecord.id;
      case "InvalidInputError":
        return error.field;
      case "AbortedError":
      case "AccessDeniedError":
      case "AccessTokenError":
      case "AuthenticationError":
      case "InvalidResponseError":
      case "NetworkError":
      case "NoActiveUsageLineItemError":
      case "ServerError":
      case "ShopUnavailableError":
      case "ThrottledError":
      case "TimeoutError":
        return error.message;
      default:
        expectTypeOf(error).toBeNever();
        return error;
    }
  };

  expect(describe(new InvalidInputError("price", "must be an object, got null"))).toBe("price");
});
