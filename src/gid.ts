/** The Shopify types whose ids the client takes. */
export type GidType = "AppSubscription" | "AppSubscriptionLineItem" | "AppUsageRecord";

function gidOf(type: string): RegExp {
  return new RegExp(String.raw`^gid://shopify/${type}/(\d+)(?:\?(.*))?$`);
}

const GIDS: Readonly<Record<GidType, RegExp>> = {
  AppSubscription: gidOf("AppSubscription"),
  AppSubscriptionLineItem: gidOf("AppSubscriptionLineItem"),
  AppUsageRecord: gidOf("AppUsageRecord"),
};
const ANY_GID = gidOf("[A-Za-z]+");

interface Gid {
  readonly number: string;
  /** The position of a line item within its subscription; `null` if the id does not say. */
  readonly index: string | null;
}

function parse(id: string): Gid | null {
  const [, number, query = ""] = ANY_GID.exec(id) ?? [];
  if (number === undefined) return null;
  return { number, index: /(?:^|&)index=(\d+)(?:&|$)/.exec(query)?.[1] ?? null };
}

/** Whether this is an id such as `gid://shopify/AppSubscription/1`, of the given type. It may lack the `?v=…` of line items. */
export function isGid(type: GidType, id: unknown): id is string {
  return typeof id === "string" && GIDS[type].test(id);
}

/**
 * Whether two ids name the same line item.
 *
 * @remarks
 * `gid://shopify/AppSubscriptionLineItem/N?v=1&index=1` carries the number of its
 * subscription and its position. An id without position matches every line item of the
 * subscription.
 */
export function isSameLineItem(a: string, b: string): boolean {
  if (a === b) return true;
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return false;
  return (
    left.number === right.number &&
    (left.index === null || right.index === null || left.index === right.index)
  );
}

/**
 * Returns the id of a line item's subscription, as the line item's id suggests.
 *
 * @remarks
 * Reported by developers, not documented. The response must be checked against the subscription's
 * line items.
 */
export function subscriptionIdOf(lineItemId: string): string | null {
  const gid = parse(lineItemId);
  return gid ? `gid://shopify/AppSubscription/${gid.number}` : null;
}
