import type { AdminSimulator } from "shopify-usage-billing/testing";

/** What App Bridge does to the `fetch` of an embedded app: `shopify:` URLs go to the shop, as the app. */
export function appBridgeFetch(
  admin: AdminSimulator,
  shop: string,
  accessToken: string,
): typeof fetch {
  return (input, init) => {
    const [, path] = /^shopify:(admin\/.*)$/.exec(String(input)) ?? [];
    if (path === undefined) throw new TypeError(`Failed to fetch ${String(input)}`);
    const headers = new Headers(init?.headers);
    if (headers.has("x-shopify-access-token")) throw new TypeError("A browser has no token");
    headers.set("x-shopify-access-token", accessToken);
    return admin.fetch(`https://${shop}/${path}`, { ...init, headers });
  };
}
