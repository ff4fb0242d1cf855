import { InvalidInputError } from "../errors/invalid-input-error.js";

/** What is read of a `Session` of `@shopify/shopify-api`, or of a row that one was stored in. */
export interface ShopifySession {
  /** The shop's own domain: `example.myshopify.com`. */
  readonly shop: string;
  readonly accessToken?: string | null | undefined;
  /** When the token expires; absent or null where it does not. */
  readonly expires?: Date | null | undefined;
}

/** The options of a client that a session brings. */
export interface SessionConnection {
  readonly shop: string;
  readonly accessToken: string;
}

/**
 * The options of a client from a session of `@shopify/shopify-api`, to spread.
 *
 * @remarks
 * The token is read once. For a client that outlives it, give `accessToken` a function that loads
 * the session each time. An offline session is the one to charge with. An online one is the
 * token of a staff member: it ends with the session, and Shopify refuses it where that person may
 * not manage app billing.
 *
 * @throws InvalidInputError where the session has no access token, or one that has expired
 *
 * @example
 * ```ts
 * const billing = createUsageBillingClient({ ...fromSession(session), onEvent });
 * ```
 */
export function fromSession(session: ShopifySession): SessionConnection {
  const { shop, accessToken, expires } = session;
  if (!accessToken) {
    throw new InvalidInputError(
      "session.accessToken",
      "is missing",
      "load the shop's offline session, or have the merchant open the app to authorize it again",
    );
  }
  if (expires && expires.getTime() <= Date.now()) {
    throw new InvalidInputError(
      "session.expires",
      `is ${expires.toISOString()}, which is past`,
      "refresh the session before it is used",
    );
  }
  return { shop, accessToken };
}
