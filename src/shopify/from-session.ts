import { InvalidInputError } from "../errors/invalid-input-error.js";
import { mustBe } from "../input.js";

/** The fields that are read from a `Session` of `@shopify/shopify-api`, or from a stored one. */
export interface ShopifySession {
  /** The shop's own domain: `example.myshopify.com`. */
  readonly shop: string;
  readonly accessToken?: string | null | undefined;
  /**
   * When the token expires, as a `Date`, as ISO 8601 or as a Unix time, which is how JSON, Redis and SQL
   * stores hold it. Absent or null if it does not expire.
   */
  readonly expires?: Date | string | number | null | undefined;
}

/** The client options that a session provides. */
export interface SessionConnection {
  readonly shop: string;
  readonly accessToken: string;
}

/** Unix times below this are in seconds, as in Shopify's SQL stores; others are in milliseconds. */
const LEAST_MILLISECONDS = 1e11;

/** Reads when a session expires; `null` if it does not. */
function expiryOf({ expires }: ShopifySession): Date | null {
  if (expires === undefined || expires === null || expires === "") return null;
  const number = expires instanceof Date ? Number.NaN : Number(expires);
  const isUnixTime = Number.isFinite(number);
  const milliseconds = number < LEAST_MILLISECONDS ? number * 1000 : number;
  const date = new Date(isUnixTime ? milliseconds : expires);
  if (Number.isNaN(date.getTime())) {
    throw mustBe("session.expires", "a Date, ISO 8601 or a Unix time", expires);
  }
  return date;
}

/**
 * Makes client options from a session of `@shopify/shopify-api`. Spread them into
 * `createUsageBillingClient`.
 *
 * @remarks
 * The token is read once. For a client that outlives it, use {@link fromApp}, or pass an `accessToken`
 * function that loads the session each time. Charge with an offline session. An online one has the
 * token of a staff member: it ends with the session, and Shopify refuses it if that person may not
 * manage app billing.
 *
 * @throws InvalidInputError if the session has no access token, or one that has expired
 *
 * @example
 * ```ts
 * const billing = createUsageBillingClient({ ...fromSession(session), onEvent });
 * ```
 */
export function fromSession(session: ShopifySession): SessionConnection {
  const { shop, accessToken } = session;
  if (!accessToken) {
    throw new InvalidInputError(
      "session.accessToken",
      "is missing",
      "load the shop's offline session, or have the merchant open the app to authorize it again",
    );
  }
  const expires = expiryOf(session);
  if (expires && expires.getTime() <= Date.now()) {
    throw new InvalidInputError(
      "session.expires",
      `must be in the future, got ${expires.toISOString()}`,
      "refresh the session first",
    );
  }
  return { shop, accessToken };
}
