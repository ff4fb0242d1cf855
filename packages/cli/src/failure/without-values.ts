/** Matches Shopify's access tokens. */
const TOKEN = /\bshp[a-z]{2}_\w+/g;

/**
 * Removes what may be a token from a message about the command line, such as the value of a
 * misspelt option.
 */
export function withoutValues(message: string): string {
  return message
    .replaceAll(/(unknown option '--?[\w-]+)=[^'\n]*/g, "$1")
    .replaceAll(TOKEN, "[redacted]");
}
