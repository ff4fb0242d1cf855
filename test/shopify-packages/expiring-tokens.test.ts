import { expect, test } from "vitest";
import { installApp, shopifyPackages } from "./packages.js";

const QUERY = "{ currentAppInstallation { id } }";
/** Older packages do not refresh. */
const refreshing = shopifyPackages.filter(({ name }) => /react-router(@3)?$/.test(name));

test.each(refreshing)("$name refreshes an offline token that ends soon", async (shopifyPackage) => {
  const { simulator, shop, inBackground } = installApp(shopifyPackage, {
    offlineTokens: "expiring",
  });
  const first = shop.offlineToken?.accessToken;
  const before = await inBackground();
  expect(before.session.accessToken).toBe(first);

  // Its session is about to end by the real clock, as the package reads it.
  const later = installApp(shopifyPackage, { offlineTokens: "expiring", minutesLeft: 4 });
  const { admin, session } = await later.inBackground();
  expect(session.accessToken).toBe(later.shop.offlineToken?.accessToken);
  expect(session.accessToken).not.toBe(first);
  const response = await admin.graphql(QUERY);
  expect(response.status).toBe(200);
  expect(later.simulator.requests.map(({ kind, status }) => [kind, status])).toEqual([
    ["token", 200],
    ["graphql", 200],
  ]);
  expect(simulator.requests).toEqual([]);
});
