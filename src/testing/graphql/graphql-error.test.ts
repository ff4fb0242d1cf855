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
    expect.stringContaining("UDS"),
  ],
  [
    `mutation { ${CHARGE_FIELD.replace("amount: 1,", "")} { userErrors { message } } }`,
    "argumentLiteralsIncompatible",
    expect.stringContaining("amount"),
  ],
])("%s is %s", async (query, code, message) => {
  const response = await shop().graphql(query);
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { errors: unknown[] }; // JSON enters
  expect(answer).not.toHaveProperty("data");
  expect(answer.errors[0]).toEqual({
    message,
    locations: expect.any(Array),
    extensions: expect.objectContaining({ code }),
  });
});

test("a syntax error tells where it is", async () => {
  const answer: unknown = await (await shop().graphql("{ currentAppInstallation {")).json();
  expect(answer).toMatchObject({
    errors: [
      {
        message: "syntax error, Expected Name, found <EOF> at [1, 27]",
        locations: [{ line: 1, column: 27 }],
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
    [{ path: [], explanation: "Invalid global id '123'" }],
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

test("what is deprecated is told by a header", async () => {
  const deprecated = await shop().graphql("{ currentAppInstallation { subscriptions { id } } }");
  expect(deprecated.headers.get("X-Shopify-API-Deprecated-Reason")).toContain("shopify.dev");
  const current = await shop().graphql("{ currentAppInstallation { activeSubscriptions { id } } }");
  expect(current.headers.has("X-Shopify-API-Deprecated-Reason")).toBe(false);
});
