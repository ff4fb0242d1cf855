import { randomUUID } from "node:crypto";
import { DEMO_SHOPS, type DemoShop } from "./shops.js";

const COOKIE = "session";

/**
 * The signed-in merchants: a stand-in for the session tokens that App Bridge adds to each request in the Shopify admin.
 *
 * @remarks
 * An app uses `authenticate.admin(request)` of Shopify's package for its framework instead. What matters
 * is the same: the shop comes from what was verified, never from what a request says.
 */
export class Sessions {
  readonly #shops = new Map<string, DemoShop>();

  /** The shop that a request comes from; `null` if nobody signed in. */
  shopOf(request: Request): DemoShop | null {
    const cookies = request.headers.get("cookie") ?? "";
    const [, id = ""] = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(cookies) ?? [];
    return this.#shops.get(id) ?? null;
  }

  /** Signs in a merchant of a demo shop and returns the cookie to set. `null` if the shop is unknown. */
  begin(domain: string): string | null {
    const shop = Object.values(DEMO_SHOPS).find((known) => known.domain === domain);
    if (!shop) return null;
    const id = randomUUID();
    this.#shops.set(id, shop);
    return `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }
}
