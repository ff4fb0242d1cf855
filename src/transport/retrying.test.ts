import { describe, expect, test } from "vitest";
import { createRequest, gql, makeOperation } from "@urql/core";
import { operationOf } from "../document.js";
import { saysKeyInUse, isRepeatable } from "./retrying.js";

const IN_USE = "Another request for the same idempotency key is being processed. Please try again.";

test.each([
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: IN_USE }] } }, true],
  [{ alias: { userErrors: [{ message: "No" }, { message: IN_USE }] } }, true],
  [{ appUsageRecordCreate: { userErrors: [{ field: null, message: "No" }] } }, false],
  [{ appUsageRecordCreate: { userErrors: [] } }, false],
  [{ appUsageRecordCreate: { userErrors: [null] } }, false],
  [{ appUsageRecordCreate: null }, false],
  [{ appUsageRecordCreate: IN_USE }, false],
  [null, false],
  [undefined, false],
  [IN_USE, false],
])("whether %j says that the key is in use: %s", (data, inUse) => {
  expect(saysKeyInUse(data)).toBe(inUse);
});

describe("what may have been executed", () => {
  function repeatable(text: string, variables: object = {}): boolean {
    const request = createRequest(gql(text), { ...variables });
    const { kind } = operationOf(request.query);
    return isRepeatable(makeOperation(kind, request, { url: "", requestPolicy: "network-only" }));
  }

  test("may be sent again if it is a query", () => {
    expect(repeatable("{ shop { id } }")).toBe(true);
  });

  test("a mutation may if its key is declared, passed and given", () => {
    const text = "mutation ($key: String) { charge(idempotencyKey: $key) { id } }";

    expect(repeatable(text, { key: "event-1" })).toBe(true);
  });

  test("with any name of the variable, and with an alias", () => {
    const text = "mutation ($k: String) { a: charge(price: 1, idempotencyKey: $k) { id } }";

    expect(repeatable(text, { k: "event-1" })).toBe(true);
  });

  test("with a key that is written into the document", () => {
    expect(repeatable('mutation { charge(idempotencyKey: "event-1") { id } }')).toBe(true);
  });

  test.each([
    ["has no key", "mutation { charge { id } }", {}],
    [
      "has a key among its variables only",
      "mutation ($p: Int) { charge(price: $p) { id } }",
      { idempotencyKey: "event-1" },
    ],
    [
      "declares a key without passing it",
      "mutation ($idempotencyKey: String) { charge(price: 1) { id } }",
      { idempotencyKey: "event-1" },
    ],
    ["is given no key", "mutation ($key: String) { charge(idempotencyKey: $key) { id } }", {}],
    [
      "is given a null key",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } }",
      { key: null },
    ],
    [
      "is given an empty key",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } }",
      { key: "" },
    ],
    ["has an empty key", 'mutation { charge(idempotencyKey: "") { id } }', {}],
    ["has a null key", "mutation { charge(idempotencyKey: null) { id } }", {}],
    [
      "has a key for one of two fields",
      "mutation ($key: String) { charge(idempotencyKey: $key) { id } cancel { id } }",
      { key: "event-1" },
    ],
    [
      "has its field in a fragment",
      "mutation ($key: String) { ...F } fragment F on Mutation { charge(idempotencyKey: $key) { id } }",
      { key: "event-1" },
    ],
    [
      "has a key in an input object",
      "mutation ($key: String) { charge(input: { idempotencyKey: $key }) { id } }",
      { key: "event-1" },
    ],
  ])("a mutation may not if it %s", (_, text, variables) => {
    expect(repeatable(text, variables)).toBe(false);
  });
});
