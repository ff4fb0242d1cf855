/** The Shopify types whose ids the client takes. */
export type GidType = "AppSubscription" | "AppSubscriptionLineItem" | "AppUsageRecord";

const GID = /^gid:\/\/shopify\/([A-Za-z]+)\/(\d+)(?:\?(.*))?$/;

interface Gid {
  readonly type: string;
  readonly number: string;
  /** The position of a line item within its subscription; null where the id does not tell. */
  readonly index: string | null;
}

function parse(id: string): Gid | null {
  const [, type, number, query = ""] = GID.exec(id) ?? [];
  if (type === undefined || number === undefined) return null;
  return { type, number, index: /(?:^|&)index=(\d+)(?:&|$)/.exec(query)?.[1] ?? null };
}

/** Is this an id such as `gid://shopify/AppSubscription/1`, of the given type? It may lack the `?v=…` of line items. */
export function isGid(type: GidType, id: unknown): id is string {
  return typeof id === "string" && parse(id)?.type === type;
}

/**
 * Do two line item ids name the same line item?
 *
 * @remarks
 * `gid://shopify/AppSubscriptionLineItem/N?v=1&index=1` carries the number of its
 * subscription and its position. An id without position matches every line item of the
 * subscription.
 */
export function isSameLineItem(a: string, b: string): boolean {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return a === b;
  return (
    left.number === right.number &&
    (left.index === null || right.index === null || left.index === right.index)
  );
}

/**
 * The subscription that a line item's id points to, by its shape.
 *
 * @remarks
 * Reported by developers, not documented: the answer must be verified against the
 * subscription's line items.
 */
export function subscriptionIdOf(lineItemId: string): string | null {
  const gid = parse(lineItemId);
  return gid ? `gid://shopify/AppSubscription/${gid.number}` : null;
}
