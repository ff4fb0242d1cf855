import type { AdminApi, BillingContext } from "../admin-api.js";
import { query, readAnswer, type ExecuteOptions } from "../execute.js";
import { isSameLineItem, subscriptionIdOf } from "../gid.js";
import { checkId } from "../input.js";
import { isSubscription, malformed, subscriptionProblem } from "../shape.js";
import { subscriptions } from "./subscriptions.js";

/** Reads the subscription with the given id; `null` if the shop has none. */
export async function subscription<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  id: string,
  options: ExecuteOptions = {},
): Promise<Api["Subscription"] | null> {
  const variables = { id: checkId("id", id, "AppSubscription") };
  const answer = await query(transport, documents.SubscriptionDocument, variables, options);
  return readAnswer(answer, ({ node }) => {
    if (node === null || !("id" in node)) return null;
    if (isSubscription(node)) return node;
    throw malformed("The subscription", subscriptionProblem(node) ?? "");
  });
}

/** Searches all subscriptions for the one that a line item belongs to. */
export async function searchSubscription<Api extends AdminApi>(
  context: BillingContext<Api>,
  lineItemId: string,
  options: ExecuteOptions,
): Promise<Api["Subscription"] | null> {
  for await (const subscription of subscriptions(context, {}, options)) {
    if (hasLineItem(subscription, lineItemId)) return subscription;
  }
  return null;
}

function hasLineItem(
  { lineItems }: { readonly lineItems: readonly { readonly id: string }[] },
  lineItemId: string,
): boolean {
  return lineItems.some(({ id }) => isSameLineItem(id, lineItemId));
}

/**
 * Finds the subscription that a line item belongs to, starting with the one that its id suggests.
 */
export async function subscriptionOf<Api extends AdminApi>(
  context: BillingContext<Api>,
  lineItemId: string,
  options: ExecuteOptions,
): Promise<Api["Subscription"] | null> {
  const id = subscriptionIdOf(lineItemId);
  const pointedTo = id === null ? null : await subscription(context, id, options);
  if (pointedTo && hasLineItem(pointedTo, lineItemId)) return pointedTo;
  return await searchSubscription(context, lineItemId, options);
}
