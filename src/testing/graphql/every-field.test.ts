import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiVersions } from "../../api-versions.js";
import { createAdminSimulator } from "../index.js";

/** Selects every field of a type, and so on downwards, but no type within itself. */
function everything(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  above: readonly string[] = [],
): string {
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type).filter(({ name }) => !above.includes(name));
    const parts = types.map((one) => `... on ${one.name} ${everything(schema, one, above)}`);
    return `{ __typename ${parts.join(" ")} }`;
  }
  if (!isObjectType(type)) return "";
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return field.name;
    const path = [...above, type.name];
    if (path.includes(inner.name)) return [];
    const size = field.args.some(({ name }) => name === "first") ? "(first: 1)" : "";
    return `${field.name}${size} ${everything(schema, inner, path)}`;
  });
  return `{ __typename ${fields.join(" ")} }`;
}

test.each(apiVersions.map(({ handle }) => handle))(
  "every field of the schema of %s has an answer",
  async (apiVersion) => {
    const file = new URL(`../../../schema/${apiVersion}.graphql`, import.meta.url);
    const schema = buildSchema(readFileSync(file, "utf8"));
    const shop = createAdminSimulator().addShop({
      shop: "example.myshopify.com",
      accessToken: "shpat_example",
    });
    const subscription = shop.createSubscription({
      recurring: {
        price: { amount: 10, currencyCode: "USD" },
        discount: { value: { amount: "2.50" } },
      },
      cappedAmount: { amount: 100, currencyCode: "USD" },
      status: "ACTIVE",
    });
    const [record] = shop.addUsageRecords([{ price: 1 }]);
    await shop.graphql(
      `mutation {
        appPurchaseOneTimeCreate(
          name: "Setup"
          price: { amount: 5, currencyCode: USD }
          returnUrl: "https://app.example"
        ) { userErrors { message } }
      }`,
    );
    const selection = (name: string): string => {
      const type = schema.getType(name);
      return type ? everything(schema, type) : "";
    };
    const queries = [
      `{ currentAppInstallation ${selection("AppInstallation")} }`,
      `{ node(id: "${subscription.id}") { ... on AppSubscription ${selection("AppSubscription")} } }`,
      `{ node(id: "${record?.id}") { ... on AppUsageRecord ${selection("AppUsageRecord")} } }`,
      `{ node(id: "gid://shopify/AppPurchaseOneTime/1017262346") { ... on AppPurchaseOneTime ${selection("AppPurchaseOneTime")} } }`,
    ];
    for (const query of queries) {
      const answer: unknown = await (await shop.graphql(query, { apiVersion })).json();
      expect(answer).not.toHaveProperty("errors");
      expect(JSON.stringify(answer)).toContain("__typename");
    }
  },
);
