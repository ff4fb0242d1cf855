import { mustBe } from "../input.js";
import { fromSession, type ShopifySession } from "./from-session.js";

/** The part of Shopify's app object, from `shopifyApp({ … })`, that is used. */
export interface ShopifyApp {
  readonly unauthenticated: {
    /** Loads the shop's offline session, and refreshes its token if it is about to expire. */
    admin(shop: string): Promise<{ readonly session: ShopifySession }>;
  };
}

/** The client options that an app provides. */
export interface AppConnection {
  readonly shop: string;
  /** Returns the token of the session, refreshed if it is about to expire. */
  readonly accessToken: () => Promise<string>;
}

/**
 * The tokens that are being loaded, by app and shop.
 *
 * @remarks
 * A refresh token can be used only once: two simultaneous refreshes lock the app out (reported by
 * developers). So all clients of a shop in this process share one.
 */
const loading = new WeakMap<ShopifyApp["unauthenticated"], Map<string, Promise<string>>>();

async function load({ unauthenticated }: ShopifyApp, shop: string): Promise<string> {
  const { session } = await unauthenticated.admin(shop);
  return fromSession(session).accessToken;
}

function loadOnce(app: ShopifyApp, shop: string): Promise<string> {
  const { unauthenticated } = app;
  const shops = loading.get(unauthenticated) ?? new Map<string, Promise<string>>();
  loading.set(unauthenticated, shops);
  const token = shops.get(shop) ?? load(app, shop).finally(() => shops.delete(shop));
  shops.set(shop, token);
  return token;
}

/**
 * Makes client options for a worker. The client gets its token from `unauthenticated.admin(shop)`
 * before each call. Spread them into `createUsageBillingClient`.
 *
 * @remarks
 * With `future.expiringOfflineAccessTokens`, Shopify's package refreshes a token five minutes before
 * it expires and stores the new session, so that the client can live for as long as the process. If
 * the session cannot be loaded, calls reject with `AccessTokenError`, whose `cause` says why:
 * `SessionNotFoundError` if the shop has not installed the app. Across processes, refresh in one place
 * only, or keep the sessions in a store that locks them.
 *
 * @param shopify - what `shopifyApp({ … })` returned
 * @param shop - the shop's own domain: `example.myshopify.com`
 * @throws InvalidInputError if there is no `unauthenticated.admin`
 *
 * @example
 * ```ts
 * const billing = createUsageBillingClient({ ...fromApp(shopifyApp, job.shop), onEvent });
 * ```
 */
export function fromApp(shopify: ShopifyApp, shop: string): AppConnection {
  if (typeof shopify?.unauthenticated?.admin !== "function") {
    throw mustBe("shopify", "what `shopifyApp({ … })` returned", shopify);
  }
  return { shop, accessToken: () => loadOnce(shopify, shop) };
}
