/** An Admin API access token, or a function that gives one and is asked at each attempt. */
export type AccessToken = string | (() => string | Promise<string>);

/** Can a header carry it? Printable ASCII without spaces, as Shopify's tokens are. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Asks the app for a token. @throws TypeError where it gives none, without saying what it gave */
export async function askForToken(accessToken: () => string | Promise<string>): Promise<string> {
  const token: unknown = await accessToken();
  if (typeof token === "string" && isTokenText(token)) return token;
  throw new TypeError("The accessToken function gave no token that a header can carry");
}
