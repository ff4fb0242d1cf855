/**
 * The names that code in the documentation may use without declaring them.
 *
 * They are global here, so that a page can show `billing.usageRecords()` without the lines that every
 * reader has read by then. Code that declares one of them itself has its own.
 */
import "@shopify/shopify-api/adapters/web-api";
import {
  ApiVersion,
  BillingInterval,
  LogSeverity,
  Session,
  shopifyApi,
  type Shopify,
} from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { fromSession } from "shopify-usage-billing/shopify";
import type { ShopifyAdmin, ShopifyApp } from "shopify-usage-billing/shopify";
import { createUsageBillingClient as createClient } from "shopify-usage-billing/2026-10";
import type {
  BulkUsageRecordInput,
  CreateUsageRecordInput,
  UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator as createSimulator,
  documentedExamples,
} from "shopify-usage-billing/testing";
import type { AdminSimulator, Shop } from "shopify-usage-billing/testing";
import { expect as vitestExpect } from "vitest";

interface Context {
  /** A client for `example.myshopify.com`. */
  readonly billing: UsageBillingClient;
  readonly accessToken: string;
  /** The event that is charged for. */
  readonly event: { readonly id: string };
  /** A charge without its key. */
  readonly charge: CreateUsageRecordInput;
  readonly charges: readonly BulkUsageRecordInput[];
  /** A session of `@shopify/shopify-api`. */
  readonly session: Session;
  /** The simulator, and `example.myshopify.com` in it. */
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  readonly createUsageBillingClient: typeof createClient;
  readonly createAdminSimulator: typeof createSimulator;
  readonly documentedExamples: typeof documentedExamples;
  readonly fromSession: typeof fromSession;
  readonly expect: typeof vitestExpect;
  /** Shopify's library, which asks the simulator; in reference pages also an app of its React Router package. */
  readonly shopify: Shopify & ShopifyApp;
  readonly shopifyApp: ShopifyApp;
  readonly authenticate: Pick<Authenticate, "admin">;
  readonly request: Request;
}

/** `authenticate` of Shopify's React Router package. */
interface Authenticate {
  admin(request: Request): Promise<{
    admin: ShopifyAdmin;
    session: Session;
    redirect(url: string, init?: { target?: "_self" | "_parent" | "_top" | "_blank" }): Response;
  }>;
  webhook(request: Request): Promise<{ topic: string; shop: string; payload: unknown }>;
}

declare global {
  const billing: Context["billing"];
  const accessToken: Context["accessToken"];
  const event: Context["event"];
  const charge: Context["charge"];
  const charges: Context["charges"];
  const session: Context["session"];
  const admin: Context["admin"];
  const shop: Context["shop"];
  const createUsageBillingClient: Context["createUsageBillingClient"];
  const createAdminSimulator: Context["createAdminSimulator"];
  const documentedExamples: Context["documentedExamples"];
  const fromSession: Context["fromSession"];
  const expect: Context["expect"];
  /** Of a test runner; runs the test at once. */
  const test: (name: string, run: () => Promise<void>) => void;
  const shopify: Context["shopify"];
  const shopifyApp: Context["shopifyApp"];
  const authenticate: Authenticate;
  const request: Request;
}

const DOMAIN = "example.myshopify.com";
const ACCESS_TOKEN = "shpat_test";

const library = shopifyApi({
  apiKey: "key",
  apiSecretKey: "secret",
  hostName: "app.example",
  apiVersion: ApiVersion.July26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Error },
  billing: {
    "Emails by use": {
      lineItems: [
        {
          interval: BillingInterval.Usage,
          amount: 100,
          currencyCode: "USD",
          terms: "1 USD a 1000",
        },
      ],
    },
  },
});

/** The same names for code that is run: an app with an active usage plan, capped at 100 USD, in a simulated shop. */
export function createContext(): Context {
  const admin = createSimulator();
  const shop = admin.addShop({ shop: DOMAIN, accessToken: ACCESS_TOKEN, apiSecret: "secret" });
  const cappedAmount = { amount: "100.00", currencyCode: "USD" };
  shop.createSubscription({ cappedAmount, terms: "1 USD for 1000 emails", status: "ACTIVE" });
  const charge: CreateUsageRecordInput = {
    description: "1000 emails",
    price: { amount: "1.00", currencyCode: "USD" },
  };
  const session = new Session({
    id: `offline_${DOMAIN}`,
    shop: DOMAIN,
    state: "",
    isOnline: false,
    accessToken: ACCESS_TOKEN,
  });
  const app = { unauthenticated: { admin: async () => ({ session }) } };
  const redirect = (url: string) => new Response(null, { status: 302, headers: { location: url } });
  setAbstractFetchFunc(admin.fetch);
  return {
    billing: createClient({ shop: DOMAIN, accessToken: ACCESS_TOKEN, fetch: admin.fetch }),
    accessToken: ACCESS_TOKEN,
    event: { id: "event-1" },
    charge,
    charges: ["a", "b", "c"].map((idempotencyKey) => Object.assign({ idempotencyKey }, charge)),
    session,
    admin,
    shop,
    createUsageBillingClient: createClient,
    createAdminSimulator: createSimulator,
    documentedExamples,
    fromSession,
    expect: vitestExpect,
    shopify: Object.assign({}, library, app),
    shopifyApp: app,
    authenticate: { admin: async () => ({ admin: shop, session, redirect }) },
    request: new Request("https://app.example/app"),
  };
}
