/** Matches Shopify's tokens and secrets, by their prefix. */
const TOKEN = /(?:shp(?:at|ca|pa|rt|ss|tka|ua)|atkn|prtapi)_[\w.-]*\w/g;

/** Removes whatever looks like one of Shopify's tokens, such as one that was given as the shop. */
export function withoutTokens(text: string): string {
  return text.replaceAll(TOKEN, "[redacted]");
}

/** Removes the value of a misspelt option from a message about the command line: it may be a secret. */
export function withoutValues(message: string): string {
  return withoutTokens(message.replaceAll(/(unknown option '--?[\w-]+)=[^'\n]*/g, "$1"));
}
