/** A subscription's id; its number alone is enough. */
export function subscriptionId(text: string): string {
  return /^\d+$/.test(text) ? `gid://shopify/AppSubscription/${text}` : text;
}
