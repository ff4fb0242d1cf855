/** Matches Shopify's tokens and secrets, by their prefix. */
const TOKEN = /(?:shp(?:at|ca|pa|rt|ss|tka|ua)|atkn|prtapi)_[\w.-]*\w/g;

/** Removes whatever looks like one of Shopify's tokens, such as one that was passed as the shop. */
export function withoutTokens(text: string): string {
  return text.replaceAll(TOKEN, "[redacted]");
}
