import { Client, type AnyVariables, type DocumentInput } from "@urql/core";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { GraphQLClient } from "graphql-request";
import * as documents from "shopify-usage-billing/2026-10";
import { adminExchange } from "shopify-usage-billing/urql";
import { expectTypeOf, test } from "vitest";

declare const urql: Client;
declare const graphqlRequest: GraphQLClient;

type ResultOf<Document> = Document extends TypedDocumentNode<infer Data, never> ? Data : never;

/** The documents of the entry, by their names. */
type Documents = Pick<typeof documents, Extract<keyof typeof documents, `${string}Document`>>;

test("each document is typed, and none is any", () => {
  expectTypeOf<keyof Documents>().toEqualTypeOf<
    | "ActiveSubscriptionsDocument"
    | "AppSubscriptionCancelDocument"
    | "AppSubscriptionCreateDocument"
    | "AppSubscriptionLineItemUpdateDocument"
    | "AppUsageRecordCreateDocument"
    | "AppUsageRecordCreateLeanDocument"
    | "SubscriptionDocument"
    | "SubscriptionsDocument"
    | "UsageRecordDocument"
    | "UsageRecordsDocument"
  >();
  expectTypeOf<Documents[keyof Documents]>().not.toBeAny();
  expectTypeOf<ResultOf<Documents[keyof Documents]>>().not.toBeAny();
  expectTypeOf(documents.AppUsageRecordCreateDocument).not.toBeAny();
  expectTypeOf(documents.UsageRecordsDocument).not.toBeAny();
  expectTypeOf(documents.AppUsageRecordCreateDocument).toEqualTypeOf<
    TypedDocumentNode<
      documents.AppUsageRecordCreateMutation,
      documents.AppUsageRecordCreateMutationVariables
    >
  >();
});

test("the mutation's variables are the four arguments, its data is the payload", () => {
  type Variables = documents.AppUsageRecordCreateMutationVariables;
  expectTypeOf<keyof Variables>().toEqualTypeOf<
    "subscriptionLineItemId" | "price" | "description" | "idempotencyKey"
  >();
  expectTypeOf<Variables["idempotencyKey"]>().toEqualTypeOf<string>();
  type Payload = NonNullable<documents.AppUsageRecordCreateMutation["appUsageRecordCreate"]>;
  expectTypeOf<null>().toExtend<Payload["appUsageRecord"]>();
  expectTypeOf<keyof Payload>().toEqualTypeOf<"appUsageRecord" | "userErrors">();
});

const VARIABLES = {
  subscriptionLineItemId: "gid://shopify/AppSubscriptionLineItem/1",
  description: "1000 emails",
  price: { amount: "1.00", currencyCode: "USD" },
  idempotencyKey: "event-1",
} as const;

test("urql takes them, and gives typed data", () => {
  expectTypeOf(documents.AppUsageRecordCreateDocument).toExtend<
    DocumentInput<documents.AppUsageRecordCreateMutation, AnyVariables>
  >();
  const mutation = () => urql.mutation(documents.AppUsageRecordCreateDocument, VARIABLES);
  type Result = Awaited<ReturnType<typeof mutation>>;
  expectTypeOf<Result["data"]>().toEqualTypeOf<
    documents.AppUsageRecordCreateMutation | undefined
  >();
  const query = () => urql.query(documents.UsageRecordDocument, { id: "1" });
  expectTypeOf<Awaited<ReturnType<typeof query>>["data"]>().toEqualTypeOf<
    documents.UsageRecordQuery | undefined
  >();
  const wrong = (): void => {
    // @ts-expect-error -- the id is missing
    urql.query(documents.UsageRecordDocument, {});
    const price = { amount: "1", currencyCode: "UDS" } as const;
    // @ts-expect-error -- no such currency
    urql.mutation(documents.AppUsageRecordCreateDocument, { ...VARIABLES, price });
  };
  expectTypeOf(wrong).toBeFunction();
});

test("graphql-request takes them, and gives typed data", () => {
  const mutation = () => graphqlRequest.request(documents.AppUsageRecordCreateDocument, VARIABLES);
  expectTypeOf(mutation).returns.resolves.toEqualTypeOf<documents.AppUsageRecordCreateMutation>();
  const wrong = (): void => {
    // @ts-expect-error -- the key is missing
    void graphqlRequest.request(documents.AppUsageRecordCreateDocument, { description: "x" });
  };
  expectTypeOf(wrong).toBeFunction();
});

test("the exchange goes into urql's own client", () => {
  const endpoint = "https://example.myshopify.com/admin/api/2026-10/graphql.json";
  const create = (): Client =>
    new Client({
      url: endpoint,
      exchanges: [adminExchange({ endpoint, accessToken: async () => "shpat_" })],
    });
  expectTypeOf(create).returns.toEqualTypeOf<Client>();
});
