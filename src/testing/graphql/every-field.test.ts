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
import { describe, expect, test } from "vitest";
import { apiVersions } from "../../api-versions.js";
import { createAdminSimulator, type Shop } from "../index.js";
import { AdminRoot } from "./admin-root.js";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const versions = apiVersions.map(({ handle }) => handle);
const schemaOf = (version: string): GraphQLSchema =>
  buildSchema(read(`../../../schema/${version}.graphql`));

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
    const size = field.args.some(({ name }) => name === "first") ? "(first: 2)" : "";
    return `${field.name}${size} ${everything(schema, inner, path)}`;
  });
  return `{ __typename ${fields.join(" ")} }`;
}

/** A shop that has something of everything, and queries for all of it. */
async function furnish(): Promise<{ shop: Shop; ids: Record<string, string | undefined> }> {
  const shop = createAdminSimulator({ bucket: { maximumAvailable: 1e6, restoreRate: 1 } }).addShop({
    shop: "example.myshopify.com",
    accessToken: "shpat_example",
    scopes: ["read_products"],
  });
  const USD = { currencyCode: "USD" };
  shop.createSubscription({
    recurring: {
      price: { amount: 10, ...USD },
      discount: { value: { percentage: 0.5 }, durationLimitInIntervals: 3 },
    },
    status: "ACTIVE",
  });
  const subscription = shop.createSubscription({
    recurring: {
      price: { amount: 10, ...USD },
      discount: { value: { amount: "2.50" }, durationLimitInIntervals: 3 },
    },
    cappedAmount: { amount: 100, ...USD },
    trialDays: 7,
    status: "ACTIVE",
  });
  const [record] = shop.addUsageRecords([{ price: 1, idempotencyKey: "key" }]);
  const credit = shop.addCredit({ amount: 5, description: "Sorry" });
  await shop.graphql(
    `mutation {
      appPurchaseOneTimeCreate(
        name: "Setup"
        price: { amount: 5, currencyCode: USD }
        returnUrl: "https://app.example"
      ) { userErrors { message } }
    }`,
  );
  return {
    shop,
    ids: {
      AppSubscription: subscription.id,
      AppUsageRecord: record?.id,
      AppCredit: credit.id,
      AppPurchaseOneTime: shop.openApprovals[0]?.id,
    },
  };
}

/** Asks a shop for everything in its schema. */
async function askForEverything(version: string): Promise<readonly unknown[]> {
  const schema = schemaOf(version);
  const { shop, ids } = await furnish();
  const selection = (name: string): string => {
    const type = schema.getType(name);
    return type ? everything(schema, type) : "";
  };
  const queries = [
    `{ currentAppInstallation ${selection("AppInstallation")} }`,
    `{ appInstallation ${selection("AppInstallation")} }`,
    `{ app ${selection("App")} }`,
    ...Object.entries(ids).map(
      ([name, id]) => `{ node(id: "${id}") { ... on ${name} ${selection(name)} } }`,
    ),
  ];
  return Promise.all(
    queries.map(async (query) => {
      const answer: unknown = await (await shop.graphql(query, { apiVersion: version })).json();
      expect(answer).not.toHaveProperty("errors");
      expect(JSON.stringify(answer)).toContain("__typename");
      return answer;
    }),
  );
}

/** Notes each field that has a value, as `Type.field`. */
function noteFields(value: unknown, seen: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) noteFields(item, seen);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const type = "__typename" in value ? String(value.__typename) : "";
  for (const [name, field] of Object.entries(value)) {
    const isEmpty = field === null || field === "" || (Array.isArray(field) && field.length === 0);
    if (!isEmpty) seen.add(`${type}.${name}`);
    noteFields(field, seen);
  }
}

describe.each(versions)("the schema of %s", (version) => {
  test("has a resolver for each field of its roots", () => {
    const schema = schemaOf(version);
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    const resolvers = Object.getOwnPropertyNames(AdminRoot.prototype);
    expect(fields.filter((field) => !resolvers.includes(field))).toEqual([]);
  });

  test("has a value for each field, or docs/simulator.md lists it as a gap", async () => {
    const seen = new Set<string>();
    for (const answer of await askForEverything(version)) noteFields(answer, seen);
    const types = Object.values(schemaOf(version).getTypeMap()).filter(
      (type) =>
        isObjectType(type) &&
        /^(App|AccessScope|MoneyV2|PageInfo)/.test(type.name) &&
        !/(Payload|UserError|Edge)$/.test(type.name),
    );
    const gaps = types.flatMap((type) => {
      const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
      const empty = fields.filter((field) => !seen.has(`${type.name}.${field}`));
      return empty.length === fields.length
        ? [type.name]
        : empty.map((field) => `${type.name}.${field}`);
    });
    const [, list = ""] = read("../../../docs/simulator.md").split("### Fields without a value");
    const listed = [...(list.split("\n## ")[0] ?? "").matchAll(/`(App\w*(?:\.\w+)?)`/g)].map(
      ([, name]) => name,
    );
    expect(gaps.filter((gap) => !listed.includes(gap))).toEqual([]);
    // A field that has got a value is taken off the list.
    const exists = (name: string): boolean => {
      const [typeName = "", field] = name.split(".");
      const type = types.find((one) => one.name === typeName);
      return isObjectType(type) && (field === undefined || field in type.getFields());
    };
    const stale = listed.filter((name = "") => exists(name) && !gaps.includes(name));
    expect(stale).toEqual([]);
  });
});

test("an app's own start-up query runs", async () => {
  const { shop } = await furnish();
  const query = `query ($id: ID!) {
    currentAppInstallation { accessScopes { handle } app { apiKey } }
    appInstallation(id: $id) { id }
    appByHandle(handle: "usage-app") { id }
    appByKey(apiKey: "another") { id }
  }`;
  const id = "gid://shopify/AppInstallation/530741932";
  expect(await (await shop.graphql(query, { variables: { id } })).json()).toMatchObject({
    data: {
      currentAppInstallation: {
        accessScopes: [{ handle: "read_products" }],
        app: { apiKey: "usage-app" },
      },
      appInstallation: { id },
      appByHandle: { id: "gid://shopify/App/530741932" },
      appByKey: null,
    },
  });
});

test("credits are read from the installation, and in unstable from the root", async () => {
  const { shop } = await furnish();
  const nodes = "nodes { amount { amount } description test }";
  const expected = { nodes: [{ amount: { amount: "5.0" }, description: "Sorry", test: false }] };
  const response = await shop.graphql(
    `{ appCredits(first: 5) { ${nodes} } currentAppInstallation { credits(first: 5) { ${nodes} } } }`,
    { apiVersion: "unstable" },
  );
  expect(await response.json()).toMatchObject({
    data: { appCredits: expected, currentAppInstallation: { credits: expected } },
  });
});
