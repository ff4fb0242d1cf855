import { expect, test } from "vitest";
import { createAdminSimulator, documentedExamples, type Shop } from "../../src/testing/index.js";

const LINE_ITEM = "gid://shopify/AppSubscriptionLineItem/1029266946?v=1&index=1";

/** The mutation of the page, with its order of variables, arguments and return fields. */
const MUTATION = `mutation appUsageRecordCreate($subscriptionLineItemId: ID!, $price: MoneyInput!, $description: String!) { appUsageRecordCreate(subscriptionLineItemId: $subscriptionLineItemId, price: $price, description: $description) {
  appUsageRecord {
  id
  }
  userErrors {
  field
  message
  }
} }`;

function shop(): Shop {
  return documentedExamples(createAdminSimulator());
}

async function send(variables: Record<string, unknown>, to: Shop = shop()): Promise<unknown> {
  return (await to.graphql(MUTATION, { variables })).json();
}

test("the example mutation charges", async () => {
  const answer = await send({
    subscriptionLineItemId: LINE_ITEM,
    price: { amount: "1.00", currencyCode: "USD" },
    description: "1000 emails",
  });
  expect(answer).toMatchObject({
    data: {
      appUsageRecordCreate: {
        appUsageRecord: { id: "gid://shopify/AppUsageRecord/1034618209" },
        userErrors: [],
      },
    },
  });
});

test.each(["description", "price", "subscriptionLineItemId"])(
  "argument %s is required",
  async (name) => {
    const variables: Record<string, unknown> = {
      subscriptionLineItemId: LINE_ITEM,
      price: { amount: "1.00", currencyCode: "USD" },
      description: "1000 emails",
    };
    delete variables[name];
    expect(await send(variables)).toMatchObject({
      errors: [
        {
          message: expect.stringContaining(`Variable $${name} of type`),
          extensions: {
            code: "INVALID_VARIABLE",
            problems: [{ path: [], explanation: "Expected value to not be null" }],
          },
        },
      ],
    });
  },
);

test.each(["amount", "currencyCode"])("MoneyInput.%s is required", async (name) => {
  const price: Record<string, string> = { amount: "1.00", currencyCode: "USD" };
  delete price[name];
  const answer = await send({ subscriptionLineItemId: LINE_ITEM, price, description: "x" });
  expect(answer).toMatchObject({
    errors: [
      {
        message: `Variable $price of type MoneyInput! was provided invalid value for ${name} (Expected value to not be null)`,
        extensions: { code: "INVALID_VARIABLE", problems: [{ path: [name] }] },
      },
    ],
  });
});

test("the placeholders of the page are not values", async () => {
  const answer = await send({
    subscriptionLineItemId: "Z2lkOi8vU2hvcGlmeS9FeGFtcGxlLzE=",
    price: { amount: "placeholder", currencyCode: "placeholder" },
    description: "placeholder",
  });
  expect(answer).toMatchObject({
    errors: [
      { message: "Variable $subscriptionLineItemId of type ID! was provided invalid value" },
      { message: expect.stringContaining("invalid decimal 'placeholder'") },
    ],
  });
});

test("a currency other than the subscription's is not permitted", async () => {
  const admin = createAdminSimulator();
  const to = documentedExamples(admin);
  const { length } = admin.ledger;
  const answer = await send(
    {
      subscriptionLineItemId: LINE_ITEM,
      price: { amount: "1.00", currencyCode: "CAD" },
      description: "1000 emails",
    },
    to,
  );
  expect(answer).toMatchObject({
    data: {
      appUsageRecordCreate: {
        appUsageRecord: null,
        userErrors: [{ field: ["price"], message: "Currency code must be USD" }],
      },
    },
  });
  expect(admin.ledger).toHaveLength(length);
});
