import { parse } from "graphql";
import { expect, test } from "vitest";
import { operationOf } from "../document.js";
import { Call } from "./call.js";

function repeatable(text: string, variables: object = {}): boolean {
  return new Call(operationOf(parse(text)), variables, null).isRepeatable;
}

test("a query may be sent again", () => {
  expect(repeatable("{ shop { id } }")).toBe(true);
});

test("a mutation may whose key is declared, passed and given", () => {
  const text = "mutation ($key: String) { charge(idempotencyKey: $key) { id } }";

  expect(repeatable(text, { key: "event-1" })).toBe(true);
});

test("whatever the variable's name, and with an alias", () => {
  const text = "mutation ($k: String) { a: charge(price: 1, idempotencyKey: $k) { id } }";

  expect(repeatable(text, { k: "event-1" })).toBe(true);
});

test("with a key that is written into it", () => {
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
])("a mutation may not that %s", (_, text, variables) => {
  expect(repeatable(text, variables)).toBe(false);
});
