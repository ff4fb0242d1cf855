/** What the app decides: its prices, and how uses become charges. */

export const CURRENCY = "USD";
/** What one email costs: less than a cent. */
export const EMAIL = "0.0125";

/** The ledger's options in every process of the app. */
export const LEDGER = {
  // A charge as soon as a shop's uses add up to a dollar. An app would rather take `{ every: "day" }`.
  rollUp: { atLeast: "1.00" },
  // Another worker takes over what has not been heard of for a second. The default is a minute.
  claimFor: 1000,
} as const;

/** Where an app asks its session storage. */
export function accessTokenOf(shop: string): string {
  return `shpat_${shop.replace(".myshopify.com", "")}`;
}
