import {
  buildSchema,
  introspectionFromSchema,
  isInterfaceType,
  isObjectType,
  printSchema,
  printType,
} from "graphql";
import { describe, expect, it } from "vitest";
import { schemasIn } from "../codegen.js";
import { billingPart, UnusablePartError, type BillingPart } from "./billing-part.js";
import { invalidOperations, readOperations } from "./operations.js";
import { partOf } from "./repository-copy.js";

const root = `${import.meta.dirname}/..`;

function cut(sdl: string): string {
  return printSchema(partIn(sdl).schema);
}

function partIn(sdl: string): BillingPart {
  return billingPart(introspectionFromSchema(buildSchema(sdl)));
}

/** The part of 2025-01 within something bigger. */
function fullSchema(more: string, edit: (part: string) => string = (part) => part): string {
  return `${edit(partOf("2025-01"))}\n${more}`;
}

const part = printSchema(buildSchema(partOf("2025-01")));

describe("cutting out", () => {
  it("leaves out the types around the part, and the fields and interfaces that lead to them", () => {
    const full = fullSchema(
      `
      type Product implements Node & HasMetafields { id: ID!, metafield: Metafield }
      type Metafield { value: String! }
      interface HasMetafields { metafield: Metafield }
      extend type QueryRoot { product(id: ID!): Product, appByName(name: String!): App }
      extend type Mutation { productDelete(id: ID!): ID, appUninstall: UserError }
      extend type AppInstallation implements HasMetafields { metafield: Metafield }
      `,
    );
    expect(cut(full)).toBe(part);
  });

  it("keeps what Shopify adds to the types of the part", () => {
    const full = fullSchema(
      `
      extend type AppUsageRecord { refunded: AppUsageRecordRefund }
      type AppUsageRecordRefund { amount: MoneyV2!, reason: AppUsageRecordRefundReason! }
      enum AppUsageRecordRefundReason { ERROR }
      extend type Mutation { appUsageRecordRefund(id: ID!): AppUsageRecordRefundPayload }
      type AppUsageRecordRefundPayload { userErrors: [UserError!]! }
      `,
    );
    const schema = buildSchema(cut(full));
    expect(schema.getMutationType()?.getFields()).toHaveProperty("appUsageRecordRefund");
    expect(schema.getType("AppUsageRecordRefundReason")).toBeDefined();
  });

  it("keeps a new field of the query type that gives billing types", () => {
    const full = fullSchema(
      "extend type QueryRoot { appUsageRecords(first: Int, after: String): AppUsageRecordConnection! }",
    );
    expect(buildSchema(cut(full)).getQueryType()?.getFields()).toHaveProperty("appUsageRecords");
    expect(partIn(full).leftOut).toEqual([]);
  });

  it("keeps a new mutation that leads to a billing type, with the types on the way", () => {
    const full = fullSchema(
      `
      extend type Mutation { appMeterEventCreate(event: AppMeterEventInput!): AppMeterEventCreatePayload }
      input AppMeterEventInput { quantity: Int! }
      type AppMeterEventCreatePayload { appMeterEvent: AppMeterEvent, userErrors: [UserError!]! }
      type AppMeterEvent { id: ID!, usageRecord: AppUsageRecord }
      `,
    );
    const schema = buildSchema(cut(full));
    const type = schema.getType("AppMeterEvent");
    expect(isObjectType(type) ? Object.keys(type.getFields()) : []).toEqual(["id", "usageRecord"]);
  });

  it("names what is about apps and stays outside", () => {
    const full = fullSchema(
      `
      extend type Mutation {
        appMeterEventCreate(name: String!): AppMeterEventCreatePayload
        meterRead(id: ID!): Boolean
        productDelete(id: ID!): ID
      }
      type AppMeterEventCreatePayload { appMeterEvent: AppMeterEvent, userErrors: [UserError!]! }
      type AppMeterEvent { id: ID! }
      type Meter { id: ID! }
      extend type App { meter: AppMeterEvent, banner: Meter }
      extend type AppSubscription { meter: Meter }
      extend type AppUsageRecord { events(of: MeterInput): Int, total(of: MeterInput!): Int }
      input MeterInput { id: ID! }
      `,
    );
    expect(partIn(full).leftOut).toEqual([
      "App.meter",
      "AppSubscription.meter",
      "AppUsageRecord.events(of:)",
      "AppUsageRecord.total",
      "Mutation.appMeterEventCreate",
      "Mutation.meterRead",
    ]);
  });

  it("leaves out an optional argument of a type outside, and a field that requires one", () => {
    const full = fullSchema(
      `
      input ProductInput { title: String }
      extend type AppUsageRecord {
        first(like: ProductInput, after: String): String
        second(like: ProductInput!): String
        third(like: ProductInput! = {}): String
      }
      `,
    );
    const type = buildSchema(cut(full)).getType("AppUsageRecord");
    const fields = isObjectType(type) ? type.getFields() : {};
    expect(fields["first"]?.args.map((arg) => arg.name)).toEqual(["after"]);
    expect(fields).not.toHaveProperty("second");
    expect(fields["third"]?.args).toEqual([]);
  });

  it("stops at an input of the part that requires something outside", () => {
    const full = fullSchema("input TaxInput { rate: Float }", (sdl) =>
      sdl.replace("input AppUsagePricingInput {", "$& tax: TaxInput!"),
    );
    expect(() => cut(full)).toThrow(UnusablePartError);
    expect(() => cut(full)).toThrow(
      "AppUsagePricingInput.tax is required and of type TaxInput, which is not in the usage-billing part",
    );
  });

  it("keeps the directives that an operation can use, with the types of their arguments", () => {
    const full = fullSchema(
      `
      directive @accessRestricted(reason: String) on FIELD_DEFINITION | OBJECT
      directive @paced(by: Pace) on FIELD
      scalar Pace
      directive @likeProduct(product: ProductInput!) on FIELD
      input ProductInput { title: String }
      `,
    );
    const schema = buildSchema(cut(full));
    expect(schema.getDirective("accessRestricted")).toBeUndefined();
    expect(schema.getDirective("likeProduct")).toBeUndefined();
    expect(schema.getDirective("paced")?.args.map((arg) => arg.name)).toEqual(["by"]);
    expect(schema.getType("Pace")).toBeDefined();
  });

  it("sorts, because sources differ in their order", () => {
    const reordered = fullSchema("", (sdl) =>
      sdl.replace(/"""[^"]*"""\n {2}ANNUAL\n\n/, "").replace(/( {2}EVERY_30_DAYS)/, "$1\n ANNUAL"),
    );
    expect(buildSchema(cut(reordered)).getType("AppPricingInterval")?.toConfig()).toHaveProperty(
      "values.ANNUAL",
    );
    expect(cut(reordered).indexOf("ANNUAL")).toBeLessThan(cut(reordered).indexOf("EVERY_30_DAYS"));
  });

  it("keeps descriptions and deprecations, without the boilerplate", () => {
    const full = fullSchema("", (sdl) =>
      sdl
        .replace("  USD\n", '  """United States Dollars (USD)."""\n  USD\n')
        .replace("first: Int", '"""The first n elements."""\n first: Int'),
    );
    expect(cut(full)).toBe(part);
    const schema = buildSchema(part);
    expect(schema.getType("AppUsageRecord")?.description).toContain("usage pricing");
    expect(printType(buildSchema(part).getType("CurrencyCode") ?? fail())).toContain(
      "BYR @deprecated(reason:",
    );
  });
});

function fail(): never {
  throw new Error("no such type");
}

describe.each([...schemasIn(root)])("the part of %s", (_version, sdl) => {
  const schema = buildSchema(sdl);

  it("is cut out already", () => {
    expect(cut(sdl)).toBe(printSchema(schema));
  });

  it("serves all operations", () => {
    expect(invalidOperations(readOperations(root), schema)).toEqual([]);
  });

  it("is what issue and documentation name as usage billing", () => {
    const coordinates = [
      "AppUsageRecord.subscriptionLineItem",
      "AppUsageRecord.idempotencyKey",
      "AppSubscriptionLineItem.usageRecords",
      "AppSubscription.lineItems",
      "AppRecurringPricing.discount",
      "AppUsagePricing.balanceUsed",
      "AppInstallation.oneTimePurchases",
      "AppInstallation.credits",
      "QueryRoot.currentAppInstallation",
      "QueryRoot.node",
      "QueryRoot.nodes",
      "Mutation.appUsageRecordCreate",
      "Mutation.appSubscriptionCreate",
      "Mutation.appSubscriptionCancel",
      "Mutation.appSubscriptionLineItemUpdate",
      "Mutation.appSubscriptionTrialExtend",
      "Mutation.appPurchaseOneTimeCreate",
      "PageInfo.endCursor",
      "UserError.field",
    ];
    const missing = coordinates.filter((coordinate) => {
      const [typeName = "", field = ""] = coordinate.split(".");
      const type = schema.getType(typeName);
      return !isObjectType(type) || !(field in type.getFields());
    });
    expect(missing).toEqual([]);
  });

  it("has only its own types as nodes", () => {
    const node = schema.getType("Node");
    const names = isInterfaceType(node)
      ? schema.getImplementations(node).objects.map((type) => type.name)
      : [];
    expect(names.sort()).toEqual([
      "App",
      "AppCredit",
      "AppInstallation",
      "AppPurchaseOneTime",
      "AppRevenueAttributionRecord",
      "AppSubscription",
      "AppUsageRecord",
    ]);
  });
});
