// What an app exports of a client without writing a type of its own: each has to be nameable in the
// declarations that a compiler emits for it.
import {
  AppSubscriptionCancelDocument,
  createUsageBillingClient,
  narrowUserErrors,
  SubscriptionsDocument,
  type BulkUsageRecordInput,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

const price = { amount: 1, currencyCode: "USD" } as const;
const id = "gid://shopify/AppSubscription/1";
declare const ownMutation: TypedDocumentNode<
  { thingCreate: { id: string; userErrors: { message: string; code: "A" | "B" }[] } | null },
  { id: string }
>;

export const make = () => createUsageBillingClient({ shop: "a", accessToken: "b" });
export async function charge(b: UsageBillingClient) {
  return b.createUsageRecord({ description: "x", price });
}
export function bulk(b: UsageBillingClient, inputs: BulkUsageRecordInput[]) {
  return b.createUsageRecords(inputs, { stopOn: "refusal" });
}
export async function bulkWithContext(b: UsageBillingClient) {
  const input = { description: "x", price, idempotencyKey: "k", context: 5 };
  for await (const outcome of b.createUsageRecords([input])) return outcome;
  return null;
}
export const record = (b: UsageBillingClient) => b.usageRecord("x");
export const find = (b: UsageBillingClient) =>
  b.findUsageRecord({ idempotencyKey: "x", createdAfter: new Date() });
export const records = (b: UsageBillingClient) => b.usageRecords({ limit: 1 });
export const pages = (b: UsageBillingClient) => b.usageRecords().pages();
export const lineItem = (b: UsageBillingClient) => b.activeUsageLineItem();
export const subscription = (b: UsageBillingClient) => b.subscription(id);
export const subscriptions = (b: UsageBillingClient) => b.subscriptions();
export const raiseCap = (b: UsageBillingClient) => b.updateCappedAmount({ cappedAmount: price });
export const propose = (b: UsageBillingClient) =>
  b.createSubscription({
    name: "x",
    returnUrl: "https://a.example",
    usage: { cappedAmount: price, terms: "x" },
  });
export const cancel = (b: UsageBillingClient) => b.cancelSubscription({ id });
export const query = (b: UsageBillingClient) => b.query(SubscriptionsDocument, { first: 1 });
export const mutate = (b: UsageBillingClient) => b.mutate(AppSubscriptionCancelDocument, { id });
export const mutateOwn = (b: UsageBillingClient) => b.mutate(ownMutation, { id });
export const narrow = (payload: { thing: string; userErrors: { message: string }[] }) =>
  narrowUserErrors(payload);
export const methods = { ...make() };
export class Billing {
  readonly client = make();
  readonly charge = (description: string) => this.client.createUsageRecord({ description, price });
}
