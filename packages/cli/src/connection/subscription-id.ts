/** Completes a subscription's id. The number is enough. */
export function subscriptionId(text: string): string {
  return /^\d+$/.test(text) ? `gid://shopify/AppSubscription/${text}` : text;
}
