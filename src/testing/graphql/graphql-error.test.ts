import { expect, test } from "vitest";
import { createAdminSimulator, type Shop } from "../index.js";

function shop(): Shop {
  return createAdminSimulator().addShop({
    shop: "example.myshopify.com",
    accessToken: "shpat_example",
  });
}

const CHARGE_FIELD = `appUsageRecordCreate(
  subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1"
  price: { amount: 1, currencyCode: USD }
  description: "x"
)`;

test.each([
  ["{ foo }", "undefinedField", "Field 'foo' doesn't exist on type 'QueryRoot'"],
  [
    '{ node(id: "gid://shopify/AppSubscription/1", x: 1) { id } }',
    "argumentNotAccepted",
    "Field 'node' doesn't accept argument 'x'",
  ],
  ["{ node { id } }", "missingRequiredArguments", "Field 'node' is missing required arguments: id"],
  [
    "query Q { node(id: $id) { id } }",
    "variableNotDefined",
    "Variable $id is used by Q but not declared",
  ],
  [
    "query ($id: ID!) { currentAppInstallation { id } }",
    "variableNotUsed",
    "Variable $id is declared by anonymous operation but not used",
  ],
  [
    "query ($id: ID) { node(id: $id) { id } }",
    "variableMismatch",
    "Type mismatch on variable $id (ID / ID!)",
  ],
  [
    "{ currentAppInstallation }",
    "selectionMismatch",
    "Field must have selections (field 'currentAppInstallation' returns AppInstallation! but has no selections. Did you mean 'currentAppInstallation { ... }'?)",
  ],
  [
    "{ currentAppInstallation { id { x } } }",
    "selectionMismatch",
    "Selections can't be made on scalars (field 'id' returns ID! but has selections)",
  ],
  ["query ($x: Foo) { node(id: $x) { id } }", "undefinedType", "No such type Foo"],
  ["{ ...F }", "useAndDefineFragment", "Fragment F was used, but not defined"],
  [
    "{ currentAppInstallation { id } } fragment F on App { id }",
    "useAndDefineFragment",
    "Fragment F was defined, but not used",
  ],
  [
    `mutation { ${CHARGE_FIELD.replace("USD", "UDS")} { userErrors { message } } }`,
    "argumentLiteralsIncompatible",
    "Argument 'currencyCode' on InputObject 'MoneyInput' has an invalid value (UDS). Expected type 'CurrencyCode!'.",
  ],
  [
    `mutation { ${CHARGE_FIELD.replace("amount: 1,", "")} { userErrors { message } } }`,
    "missingRequiredInputObjectAttribute",
    "Argument 'amount' on InputObject 'MoneyInput' is required. Expected type Decimal!",
  ],
  [
    `mutation { ${CHARGE_FIELD.replace("amount: 1,", "amount: 1, cents: 1,")} { userErrors { message } } }`,
    "argumentNotAccepted",
    "InputObject 'MoneyInput' doesn't accept argument 'cents'",
  ],
  [
    'mutation { appUsageRecordCreate(description: "x") { userErrors { message } } }',
    "missingRequiredArguments",
    "Field 'appUsageRecordCreate' is missing required arguments: price, subscriptionLineItemId",
  ],
  ['{ node(id: "1") { id } }', "argumentLiteralsIncompatible", "Invalid global id '1'"],
  [
    `mutation { ${CHARGE_FIELD.replace("amount: 1", 'amount: "one"')} { userErrors { message } } }`,
    "argumentLiteralsIncompatible",
    "invalid decimal 'one'",
  ],
])("%s is %s", async (query, code, message) => {
  const response = await shop().graphql(query);
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { errors: unknown[] }; // JSON enters
  // Nothing was executed, and nothing is said about the cost.
  expect(answer).toEqual({ errors: expect.any(Array) });
  expect(answer.errors).toContainEqual({
    message,
    locations: expect.any(Array),
    path: expect.any(Array),
    extensions: expect.objectContaining({ code }),
  });
});

test.each([
  ["mutation X { foo }", ["mutation X", "foo"]],
  ['query Q { a: node(id: "1") { id } }', ["query Q", "a", "id"]],
  [
    "{ currentAppInstallation { ... on AppInstallation { foo } } }",
    ["query", "currentAppInstallation", "... on AppInstallation", "foo"],
  ],
  ["query Q($x: ID) { node(id: $x) { id } }", ["query Q", "node", "id"]],
  ["query Q($x: ID!) { __typename }", ["query Q"]],
  ["{ ...F } fragment F on QueryRoot { foo }", ["fragment F", "foo"]],
])("%s has the path %j", async (query, path) => {
  expect(await (await shop().graphql(query)).json()).toMatchObject({ errors: [{ path }] });
});

test.each([
  [
    "a query nested 20,000 deep",
    `${"{ a ".repeat(20_000)}${"}".repeat(20_000)}`,
    /exceeds max depth of 100$/,
  ],
  ["a list nested 20,000 deep", `{ node(ids: ${"[".repeat(20_000)}`, /exceeds max depth of 100$/],
  ["a query of a million fields", `{ ${"__typename ".repeat(1_000_000)} }`, /token/],
])("%s is refused in one line", async (_what, query, message) => {
  const response = await shop().graphql(query);
  expect(response.status).toBe(200);
  const { errors } = (await response.json()) as { errors: { message: string }[] }; // JSON enters
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(message);
  expect(errors[0]?.message).not.toContain("\n");
});

test("a syntax error says where it is", async () => {
  const answer: unknown = await (await shop().graphql("{ currentAppInstallation {")).json();
  expect(answer).toMatchObject({
    errors: [
      {
        message: "syntax error, unexpected end of file at [1, 27]",
        locations: [{ line: 1, column: 27 }],
        extensions: { code: "PARSE_ERROR" },
      },
    ],
  });
});

test("one of several operations is chosen by its name", async () => {
  const admin = createAdminSimulator();
  admin.addShop({ shop: "example.myshopify.com", accessToken: "shpat_example" });
  const send = async (operationName?: string): Promise<unknown> => {
    const response = await admin.fetch(
      "https://example.myshopify.com/admin/api/2025-01/graphql.json",
      {
        method: "POST",
        headers: { "content-type": "application/json", "x-shopify-access-token": "shpat_example" },
        body: JSON.stringify({
          query: "query A { __typename } query B { currentAppInstallation { id } }",
          operationName,
        }),
      },
    );
    return response.json();
  };
  expect(await send("B")).toHaveProperty("data.currentAppInstallation.id");
  expect(await send()).toMatchObject({ errors: [{ message: "An operation name is required" }] });
  expect(await send("")).toMatchObject({ errors: [{ message: "An operation name is required" }] });
  expect(await send("C")).toMatchObject({ errors: [{ message: 'No operation named "C"' }] });
});

test.each([
  [
    "a missing value",
    "query ($id: ID!) { node(id: $id) { id } }",
    {},
    "Variable $id of type ID! was provided invalid value",
    [{ path: [], explanation: "Expected value to not be null" }],
  ],
  [
    "no global id",
    "query ($id: ID!) { node(id: $id) { id } }",
    { id: 123 },
    "Variable $id of type ID! was provided invalid value",
    [{ path: [], explanation: "Invalid global id '123'", message: "Invalid global id '123'" }],
  ],
  [
    "an item of a list",
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    { ids: ["gid://shopify/App/1", null] },
    "Variable $ids of type [ID!]! was provided invalid value for 1 (Expected value to not be null)",
    [{ path: [1], explanation: "Expected value to not be null" }],
  ],
  [
    "a field of an input that is unknown",
    `mutation ($price: MoneyInput!) { ${CHARGE_FIELD.replace(/price: \{.*\}/, "price: $price")} { userErrors { message } } }`,
    { price: { amount: "1", currencyCode: "USD", cents: 1 } },
    "Variable $price of type MoneyInput! was provided invalid value for cents (Field is not defined on MoneyInput)",
    [{ path: ["cents"], explanation: "Field is not defined on MoneyInput" }],
  ],
  [
    "a list where an object belongs",
    `mutation ($price: MoneyInput!) { ${CHARGE_FIELD.replace(/price: \{.*\}/, "price: $price")} { userErrors { message } } }`,
    { price: [] },
    "Variable $price of type MoneyInput! was provided invalid value",
    [{ path: [], explanation: "Expected [] to be a key-value object." }],
  ],
  [
    "text where a number belongs",
    "query ($n: Int) { currentAppInstallation { credits(first: $n) { nodes { id } } } }",
    { n: "10" },
    "Variable $n of type Int was provided invalid value",
    [{ path: [], explanation: 'Could not coerce value "10" to Int' }],
  ],
])("INVALID_VARIABLE: %s", async (_, query, variables, message, problems) => {
  const response = await shop().graphql(query, { variables });
  expect(await response.json()).toMatchObject({
    errors: [{ message, extensions: { code: "INVALID_VARIABLE", problems } }],
  });
});

test("defaults of variables hold", async () => {
  const response = await shop().graphql(
    "query ($n: Int = 3) { currentAppInstallation { credits(first: $n) { nodes { id } } } }",
  );
  expect(await response.json()).toMatchObject({
    data: { currentAppInstallation: { credits: { nodes: [] } } },
  });
});

test("deprecated fields are reported in a header", async () => {
  const deprecated = await shop().graphql("{ currentAppInstallation { subscriptions { id } } }");
  expect(deprecated.headers.get("X-Shopify-API-Deprecated-Reason")).toContain("shopify.dev");
  const current = await shop().graphql("{ currentAppInstallation { activeSubscriptions { id } } }");
  expect(current.headers.has("X-Shopify-API-Deprecated-Reason")).toBe(false);
});
