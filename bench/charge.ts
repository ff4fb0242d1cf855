/** The operation's text as this package sends it; put in when the programs are compiled. */
declare const CHARGE_OPERATION: string;

export const chargeOperation = CHARGE_OPERATION;

/** A token of a shop, as long as Shopify's are. */
export function accessTokenOf(shop: number): string {
  return `shpat_${shop.toString(16).padStart(32, "0")}`;
}

export const lineItemId = "gid://shopify/AppSubscriptionLineItem/1029266950?v=1&index=0";
export const recordId = "gid://shopify/AppUsageRecord/12345678";
export const price = { amount: "1.00", currencyCode: "USD" } as const;
export const description = "1000 emails";

/** Where and as whom to charge. */
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

/** What every contender has to bring back from a charge. */
export interface Charged {
  readonly id: string;
  readonly price: { readonly amount: string | number };
}

/** The data of a charge's answer. */
export interface ChargeData {
  readonly appUsageRecordCreate: {
    readonly appUsageRecord: Charged | null;
    readonly userErrors: readonly { readonly message: string }[];
  } | null;
}

/** The record of a charge's answer; throws where there is none. */
export function chargedIn(data: ChargeData | null | undefined): Charged {
  const payload = data?.appUsageRecordCreate;
  if (!payload?.appUsageRecord || payload.userErrors.length > 0) {
    throw new Error(`Nothing was charged: ${JSON.stringify(data)}`);
  }
  return payload.appUsageRecord;
}
