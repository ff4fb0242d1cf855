import { createHmac } from "node:crypto";
import { Session as InstalledSession } from "@shopify/shopify-api";
import { setAbstractFetchFunc as setInstalledFetch } from "@shopify/shopify-api/runtime";
import { shopifyApp as reactRouterApp } from "@shopify/shopify-app-react-router/server";
import type { ShopifyAdmin, ShopifySession } from "../../src/shopify/index.js";
import { createAdminSimulator, type AdminSimulator, type Shop } from "../../src/testing/index.js";

interface SessionClass {
  new (params: {
    id: string;
    shop: string;
    state: string;
    isOnline: boolean;
    accessToken: string;
    expires?: Date;
    refreshToken?: string;
    refreshTokenExpires?: Date;
  }): ShopifySession & { id: string };
}

interface ShopifyApp {
  readonly authenticate: {
    admin(request: Request): Promise<{ admin: ShopifyAdmin; session: ShopifySession }>;
  };
  readonly unauthenticated: {
    admin(shop: string): Promise<{ admin: ShopifyAdmin; session: ShopifySession }>;
  };
}

/** What is used of one of Shopify's packages, and of the `@shopify/shopify-api` that it brings. */
export interface ShopifyPackage {
  readonly name: string;
  readonly shopifyApp: (config: object) => ShopifyApp;
  readonly Session: SessionClass;
  /** Where `@shopify/shopify-api` takes the `fetch` of all its clients from. */
  readonly setAbstractFetchFunc: (fetch: typeof globalThis.fetch) => void;
}

const reactRouter: ShopifyPackage = {
  name: "@shopify/shopify-app-react-router",
  // Its generic type computes the app from the configuration, which here is one of many packages'.
  shopifyApp: reactRouterApp as ShopifyPackage["shopifyApp"],
  Session: InstalledSession,
  setAbstractFetchFunc: (fetch) => setInstalledFetch(fetch),
};

/** A package outside this repository, by the module that `npm run test:shopify-packages` writes. */
async function loadPackage(entry: string): Promise<ShopifyPackage> {
  const loaded: ShopifyPackage = await import(/* @vite-ignore */ entry);
  return { ...loaded };
}

const entries = process.env["SHOPIFY_PACKAGES"]?.split(",") ?? [];

/** Shopify's packages to test with: the one that is installed here, and those that are named in the environment. */
export const shopifyPackages: readonly ShopifyPackage[] = [
  reactRouter,
  ...(await Promise.all(entries.map(loadPackage))),
];

const SHOP = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_0123456789abcdef";
const API_KEY = "key";
const API_SECRET = "secret";

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A session token as App Bridge sends it with each request of an embedded app. */
function sessionToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://${SHOP}/admin`,
    dest: `https://${SHOP}`,
    aud: API_KEY,
    sub: "1",
    exp: now + 60,
    nbf: now - 5,
    iat: now - 5,
  };
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", API_SECRET).update(content).digest("base64url")}`;
}

/** An app made with one of Shopify's packages, installed in a simulated shop. */
export interface InstalledApp {
  readonly simulator: AdminSimulator;
  readonly shop: Shop;
  /** What `shopifyApp({ … })` returned. */
  readonly app: ShopifyApp;
  /** Deletes the shop's session, as an app does when it is uninstalled. */
  readonly forget: () => void;
  /** As in the background: `unauthenticated.admin(shop)`. */
  readonly inBackground: () => Promise<{ admin: ShopifyAdmin; session: ShopifySession }>;
  /** As in an action that the app's page calls: `authenticate.admin(request)`. */
  readonly inAction: () => Promise<{ admin: ShopifyAdmin; session: ShopifySession }>;
  /** As in a loader of the app's first page, which the browser asks for. */
  readonly inDocument: () => Promise<{ admin: ShopifyAdmin; session: ShopifySession }>;
}

/** How an app is installed. */
export interface Installation {
  /** Default: `permanent`. */
  readonly offlineTokens?: "permanent" | "expiring";
  /** How long the session's token lasts, for tokens that expire. Default: 60. */
  readonly minutesLeft?: number;
}

/** Installs an app in a simulated shop, with an active usage plan capped at 100 USD. */
export function installApp(
  shopifyPackage: ShopifyPackage,
  { offlineTokens = "permanent", minutesLeft = 60 }: Installation = {},
): InstalledApp {
  const { shopifyApp, Session, setAbstractFetchFunc } = shopifyPackage;
  // It restores fast, so that no test waits for points.
  const bucket = { maximumAvailable: 2_000, restoreRate: 100_000 };
  const simulator = createAdminSimulator({ bucket });
  const shop = simulator.addShop({
    shop: SHOP,
    accessToken: ACCESS_TOKEN,
    offlineTokens,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  });
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, status: "ACTIVE" });

  const sessions = new Map<string, object>();
  const id = `offline_${SHOP}`;
  const { refreshToken } = shop.offlineToken ?? {};
  const params = {
    id,
    shop: SHOP,
    state: "",
    isOnline: false,
    accessToken: ACCESS_TOKEN,
    ...(refreshToken && {
      expires: new Date(Date.now() + minutesLeft * 60_000),
      refreshToken,
      refreshTokenExpires: new Date(Date.now() + 24 * 60 * 60_000),
    }),
  };
  sessions.set(id, new Session(params));
  const app = shopifyApp({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    appUrl: "https://app.example",
    apiVersion: "2026-07",
    scopes: [],
    future: { expiringOfflineAccessTokens: offlineTokens === "expiring" },
    logger: { level: 0 },
    sessionStorage: {
      storeSession: (session: { id: string }) =>
        Promise.resolve(!!sessions.set(session.id, session)),
      loadSession: (sessionId: string) => Promise.resolve(sessions.get(sessionId)),
      deleteSession: (sessionId: string) => Promise.resolve(sessions.delete(sessionId)),
    },
  });
  setAbstractFetchFunc(simulator.fetch);

  const host = Buffer.from("admin.shopify.com/store/example").toString("base64");
  return {
    simulator,
    shop,
    app,
    forget: () => sessions.clear(),
    inBackground: () => app.unauthenticated.admin(SHOP),
    inAction: () => {
      const headers = { authorization: `Bearer ${sessionToken()}` };
      return app.authenticate.admin(new Request("https://app.example/app", { headers }));
    },
    inDocument: () => {
      const query = new URLSearchParams({
        shop: SHOP,
        host,
        embedded: "1",
        id_token: sessionToken(),
      });
      return app.authenticate.admin(new Request(`https://app.example/app?${query.toString()}`));
    },
  };
}
