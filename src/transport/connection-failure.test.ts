import { expect, test } from "vitest";
import { connectionFailure } from "./connection-failure.js";

const TOKEN = "shpat_3c1b7d0fe2a94586";
const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), {
  code: "ECONNREFUSED",
  syscall: "connect",
});

test.each([
  [new TypeError("fetch failed", { cause: refused }), "connect ECONNREFUSED 127.0.0.1:9"],
  [
    new TypeError("fetch failed", { cause: new AggregateError([refused, refused]) }),
    "connect ECONNREFUSED 127.0.0.1:9",
  ],
  [new TypeError("Failed to fetch"), "Failed to fetch"],
  ["broken", "broken"],
  [{ message: "not an Error" }, "not an Error"],
  [new Error(`bad header ${TOKEN}`), "bad header [redacted]"],
])("says why: %s", (error, reason) => {
  expect(connectionFailure(error, null, TOKEN).message).toBe(
    `The connection to Shopify failed: ${reason}`,
  );
});

test("within an answer it proves nothing, whatever the error says", () => {
  const head = {
    status: 200,
    requestId: "request-1",
    servedVersion: null,
    deprecatedReason: null,
    date: null,
    retryAfter: null,
  };

  expect(connectionFailure(refused, head, TOKEN)).toMatchObject({
    certainty: "unknown",
    status: 200,
    requestId: "request-1",
    message: expect.stringContaining("broke within the response"),
  });
});

const aggregate = new AggregateError([], "round");
aggregate.errors.push(aggregate);
aggregate.cause = aggregate;
const throwing = {
  get message(): string {
    throw new Error("No");
  },
  get cause(): string {
    throw new Error("No");
  },
  toString(): string {
    throw new Error("No");
  },
};

test.each<[string, unknown]>([
  ["a cyclic AggregateError", aggregate],
  ["an object whose getters throw", throwing],
  ["an error whose cause is such an object", new Error("x", { cause: throwing })],
  ["an object without a prototype", Object.create(null)],
  ["a proxy that was revoked", revoked()],
  ["nothing", undefined],
  ["a symbol", Symbol("x")],
])("never throws: %s", (_, error) => {
  const failure = connectionFailure(error, null, TOKEN);

  expect(failure).toMatchObject({ name: "NetworkError", certainty: "unknown", retryable: true });
  expect(failure.message).toContain("The connection to Shopify failed");
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
