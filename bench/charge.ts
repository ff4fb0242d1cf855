/** The operation's text as this package sends it, inserted when the programs are compiled. */
declare const CHARGE_OPERATION: string;

export const chargeOperation = CHARGE_OPERATION;

/** A shop's token, as long as Shopify's. */
export function accessTokenOf(shop: number): string {
  return `shpat_${shop.toString(16).padStart(32, "0")}`;
}

export const lineItemId = "gid://shopify/AppSubscriptionLineItem/1029266950?v=1&index=0";
export const recordId = "gid://shopify/AppUsageRecord/12345678";
export const price = { amount: "1.00", currencyCode: "USD" } as const;
export const description = "1000 emails";

/** The endpoint and the credentials for charging. */
export interface Shop {
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
}

/** The variables of a charge. */
export interface ChargeVariables extends Record<string, unknown> {
  readonly subscriptionLineItemId: string;
  readonly price: { readonly amount: string; readonly currencyCode: "USD" };
  readonly description: string;
  readonly idempotencyKey: string;
}

export function chargeVariables(idempotencyKey: string): ChargeVariables {
  return { subscriptionLineItemId: lineItemId, price, description, idempotencyKey };
}

/** What every contender must return for a charge. */
export interface Charged {
  readonly id: string;
  readonly price: { readonly amount: string | number };
}

/** The data of a response to a charge. */
export interface ChargeData {
  readonly appUsageRecordCreate: {
    readonly appUsageRecord: Charged | null;
    readonly userErrors: readonly { readonly message: string }[];
  } | null;
}

/** Returns the record in a response to a charge. Throws if there is none. */
export function chargedIn(data: ChargeData | null | undefined): Charged {
  const payload = data?.appUsageRecordCreate;
  if (!payload?.appUsageRecord || payload.userErrors.length > 0) {
    throw new Error(`Nothing was charged: ${JSON.stringify(data)}`);
  }
  return payload.appUsageRecord;
}
