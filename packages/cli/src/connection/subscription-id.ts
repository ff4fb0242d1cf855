/** Completes a subscription's id, of which the number is enough. */
export function subscriptionId(text: string): string {
  return /^\d+$/.test(text) ? `gid://shopify/AppSubscription/${text}` : text;
}
