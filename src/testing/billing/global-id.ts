/** The types that the simulator gives ids to. */
export type GlobalIdType =
  | "App"
  | "AppCredit"
  | "AppInstallation"
  | "AppPurchaseOneTime"
  | "AppSubscription"
  | "AppSubscriptionLineItem"
  | "AppUsageRecord";

export interface GlobalId {
  readonly type: string;
  readonly number: number;
  /** A line item's position in its subscription. `null` if the id does not say. */
  readonly index: number | null;
}

const GLOBAL_ID = /^gid:\/\/shopify\/(\w+)\/(\d{1,15})(?:\?v=\d+&index=(\d+))?$/;

/** `gid://shopify/AppSubscription/1`, and for line items `gid://shopify/AppSubscriptionLineItem/1?v=1&index=0`. */
export function globalId(type: GlobalIdType, number: number, index?: number): string {
  return `gid://shopify/${type}/${number}${index === undefined ? "" : `?v=1&index=${index}`}`;
}

export function parseGlobalId(id: string): GlobalId | null {
  const [, type, number, index] = GLOBAL_ID.exec(id) ?? [];
  if (type === undefined || number === undefined) return null;
  return { type, number: Number(number), index: index === undefined ? null : Number(index) };
}

/** Whether the text has the shape of an id. Anything else is refused before an operation runs. */
export function isGlobalId(id: string): boolean {
  return /^gid:\/\/shopify\/\w+\/\S+$/.test(id);
}
