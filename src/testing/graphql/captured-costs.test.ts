import { buildSchema, Kind, parse } from "graphql";
import { expect, test } from "vitest";
import { CostRules } from "./cost.js";

/** As much of Shopify's schema as the captures need. */
const SCHEMA = buildSchema(`
  type Query { orders(first: Int): OrderConnection  product: Product  tags: [Tag!]! }
  type Mutation {
    orderCustomerRemove: OrderPayload
    priceListFixedPricesAdd: PricesPayload
    productCreate: ProductPayload
    appSubscriptionCreate: AppSubscriptionPayload
    appUsageRecordCreate: AppUsageRecordPayload
  }
  type OrderPayload { order: Order  userErrors: [UserError!]! }
  type PricesPayload { prices: [Price!]  userErrors: [UserError!]! }
  type ProductPayload { product: Product  userErrors: [UserError!]! }
  type AppSubscriptionPayload { appSubscription: Tag  userErrors: [UserError!]! }
  type AppUsageRecordPayload { appUsageRecord: UsageRecord  userErrors: [UserError!]! }
  type UsageRecord { id: ID  price: MoneyV2  subscriptionLineItem: LineItem }
  type LineItem { id: ID  plan: Plan }
  type Plan { pricingDetails: Details }
  union Details = Usage | Recurring
  type Usage { terms: String  cappedAmount: MoneyV2 }
  type Recurring { interval: String }
  type MoneyV2 { amount: String }
  type UserError { message: String }
  type Order { id: ID  customer: Tag }
  type OrderConnection { nodes: [Tag!]! }
  type Price { variant: Variant }
  type Variant { id: ID  product: Product }
  type Product { id: ID  variants(first: Int): VariantConnection }
  type VariantConnection { nodes: [Variant!]! }
  type Tag { id: ID }
`);

function costs(text: string, data?: object): { requested: number; actual: number } {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error("An operation was expected");
  const rules = new CostRules(SCHEMA, document, operation, {});
  return { requested: rules.requested(), actual: rules.actual({ ...data }) };
}

const orders = (size: number, nodes: number): [string, object] => [
  `{ orders(first: ${size}) { nodes { id } } }`,
  { orders: { nodes: Array.from({ length: nodes }, (_, id) => ({ id })) } },
];
const order =
  "mutation { orderCustomerRemove { order { id customer { id } } userErrors { message } } }";
const product = { id: "1", variants: { nodes: [{ id: "2" }] } };
const line = { id: "1", plan: { pricingDetails: { terms: "" } } };

test.each<[string, string, object, number, number]>([
  // Captured from live stores.
  [
    "an order's customer",
    order,
    { orderCustomerRemove: { order: { id: "1", customer: { id: "2" } }, userErrors: [] } },
    11,
    11,
  ],
  [
    "a refusal",
    order,
    { orderCustomerRemove: { order: null, userErrors: [{ message: "" }] } },
    11,
    10,
  ],
  [
    "a variant's product",
    "mutation { priceListFixedPricesAdd { prices { variant { product { id } } } } }",
    { priceListFixedPricesAdd: { prices: [{ variant: { product: { id: "1" } } }] } },
    12,
    12,
  ],
  [
    "a product's first variant",
    "mutation { productCreate { product { variants(first: 1) { nodes { id } } } } }",
    { productCreate: { product } },
    13,
    13,
  ],
  [
    "a subscription's id",
    "mutation { appSubscriptionCreate { appSubscription { id } } }",
    { appSubscriptionCreate: { appSubscription: { id: "1" } } },
    10,
    10,
  ],
  ["access denied", order, { orderCustomerRemove: null }, 11, 10],
  ["a null object", "{ product { id } }", { product: null }, 1, 1],
  ["an empty list", "{ tags { id } }", { tags: [] }, 1, 1],
  ["an empty page of 250", ...orders(250, 0), 13, 13],
  ["1 node of 250", ...orders(250, 1), 13, 2],
  ["62 nodes of 250", ...orders(250, 62), 13, 5],
  ["208 nodes of 250", ...orders(250, 208), 13, 11],
  ["250 nodes of 250", ...orders(250, 250), 13, 13],
  // Inferred: never captured for this mutation.
  [
    "a whole usage record",
    "mutation { appUsageRecordCreate { appUsageRecord { id price { amount } subscriptionLineItem { id plan { pricingDetails { ... on Usage { terms cappedAmount { amount } } } } } } userErrors { message } } }",
    {
      appUsageRecordCreate: {
        appUsageRecord: { id: "1", price: { amount: "1.0" }, subscriptionLineItem: line },
        userErrors: [],
      },
    },
    13,
    13,
  ],
  [
    "a usage record with its line item's id",
    "mutation { appUsageRecordCreate { appUsageRecord { id subscriptionLineItem { id } } } }",
    { appUsageRecordCreate: { appUsageRecord: { id: "1", subscriptionLineItem: { id: "1" } } } },
    11,
    11,
  ],
  [
    "a usage record alone",
    "mutation { appUsageRecordCreate { appUsageRecord { id } } }",
    { appUsageRecordCreate: { appUsageRecord: { id: "1" } } },
    10,
    10,
  ],
])("%s", (_what, text, data, requested, actual) => {
  expect(costs(text, data)).toEqual({ requested, actual });
});

test("16 nodes of 50, captured at 5, are the one capture that the rule misses, by a point", () => {
  expect(costs(...orders(50, 16))).toEqual({ requested: 9, actual: 4 });
});
