/** What Shopify's access tokens look like. */
const TOKEN = /\bshp[a-z]{2}_\w+/g;

/** A message about the command line without what may be a token: one behind a misspelt option, say. */
export function withoutValues(message: string): string {
  return message
    .replaceAll(/(unknown option '--?[\w-]+)=[^'\n]*/g, "$1")
    .replaceAll(TOKEN, "[redacted]");
}
