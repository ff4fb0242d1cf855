import type { Page, SubscriptionShape, UsageRecordShape } from "./admin-api.js";
import { isGid } from "./gid.js";
import type { Money } from "./money.js";

function isMoney(value: Partial<Money> | null | undefined): boolean {
  return typeof value?.amount === "string" && typeof value.currencyCode === "string";
}

/** Is this a usage record, whole as the operations ask for it? */
export function isUsageRecord<UsageRecord extends UsageRecordShape>(
  value: UsageRecord | object | null | undefined,
): value is UsageRecord {
  const record: Partial<UsageRecordShape> = value ?? {};
  return (
    isGid("AppUsageRecord", record.id) &&
    typeof record.createdAt === "string" &&
    typeof record.description === "string" &&
    isMoney(record.price) &&
    typeof record.subscriptionLineItem?.id === "string"
  );
}

/** Is this a subscription with its line items, as the operations ask for it? */
export function isSubscription(value: SubscriptionShape | null): value is SubscriptionShape {
  const { id, status, test, lineItems }: Partial<SubscriptionShape> = value ?? {};
  return (
    isGid("AppSubscription", id) &&
    typeof status === "string" &&
    typeof test === "boolean" &&
    Array.isArray(lineItems) &&
    lineItems.every(isLineItem)
  );
}

function isLineItem(value: SubscriptionShape["lineItems"][number] | null): boolean {
  const pricing = value?.plan?.pricingDetails;
  if (typeof value?.id !== "string" || typeof pricing?.__typename !== "string") return false;
  return (
    pricing.__typename !== "AppUsagePricing" ||
    (isMoney(pricing.balanceUsed) && isMoney(pricing.cappedAmount))
  );
}

/**
 * A page of a connection whose nodes are what was asked for.
 *
 * @throws TypeError where they are not, which `readAnswer` makes an `InvalidResponseError`
 */
export function pageOf<Node>(
  { nodes, pageInfo }: Page<Node>,
  isNode: (node: Node) => boolean,
): Page<Node> {
  const { hasNextPage, endCursor } = pageInfo;
  if (typeof hasNextPage !== "boolean") throw new TypeError("A page does not tell of the next");
  if (endCursor !== null && typeof endCursor !== "string") {
    throw new TypeError("A page's cursor is no text");
  }
  if (!nodes.every(isNode)) throw new TypeError("A page holds something else");
  return { nodes, pageInfo };
}
