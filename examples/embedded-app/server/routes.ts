import {
  createUsageBillingClient,
  InvalidInputError,
  UsageBillingError,
} from "shopify-usage-billing";
import { answerRead } from "shopify-usage-billing/react/server";
import type { Sessions } from "./sessions.js";
import type { DemoShop } from "./shops.js";

type UsageBilling = ReturnType<typeof createUsageBillingClient>;

export interface RoutesOptions {
  readonly sessions: Sessions;
  /** The GraphQL endpoint of the simulated Shopify. */
  readonly endpoint: string;
  readonly returnUrl: (shop: DemoShop) => string;
}

/** Answers a request. `null` if it asks for the page itself. */
export type Routes = (request: Request) => Promise<Response | null>;

/** Whether the body is JSON, which a page of another site cannot send without a preflight. */
function isJson(request: Request): boolean {
  return request.headers.get("content-type")?.startsWith("application/json") ?? false;
}

/**
 * The app's server side. Only it has access tokens, and Shopify asks the merchant to confirm whatever it
 * changes.
 */
export function createRoutes({ sessions, endpoint, returnUrl }: RoutesOptions): Routes {
  // One client per shop, for the life of the server: it paces the shop's calls.
  const clients = new Map<string, UsageBilling>();
  const billingOf = ({ domain, accessToken }: DemoShop): UsageBilling => {
    let billing = clients.get(domain);
    if (!billing) {
      billing = createUsageBillingClient({ shop: domain, accessToken, endpoint });
      clients.set(domain, billing);
    }
    return billing;
  };

  /** Asks for a higher cap and answers with the URL where the merchant confirms it. */
  async function raiseCap(request: Request, billing: UsageBilling): Promise<Response> {
    const body: unknown = await request.json();
    const amount = typeof body === "object" && body !== null && "amount" in body ? body.amount : "";
    const lineItem = await billing.activeUsageLineItem();
    if (!lineItem) return Response.json({ message: "There is no plan." }, { status: 409 });
    const result = await billing.updateCappedAmount({
      subscriptionLineItemId: lineItem.id,
      cappedAmount: { amount: String(amount), currencyCode: lineItem.cappedAmount.currencyCode },
    });
    if (result.ok) return Response.json({ confirmationUrl: result.payload.confirmationUrl });
    return Response.json({ message: result.userErrors[0].message }, { status: 422 });
  }

  async function choosePlan(shop: DemoShop, billing: UsageBilling): Promise<Response> {
    const result = await billing.createSubscription({
      name: "Growth",
      returnUrl: returnUrl(shop),
      usage: {
        cappedAmount: { amount: "100.00", currencyCode: "USD" },
        terms: "$0.90 for 1,000 emails, $0.015 for a text message",
      },
    });
    if (result.ok) return Response.json({ confirmationUrl: result.payload.confirmationUrl });
    return Response.json({ message: result.userErrors[0].message }, { status: 422 });
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith("/api/")) {
      const domain = searchParams.get("shop");
      const cookie = domain === null ? null : sessions.begin(domain);
      if (cookie === null) return null;
      // As after Shopify's sign-in: redirects to the page, without the sign-in parameter.
      searchParams.delete("shop");
      const query = searchParams.size > 0 ? `?${searchParams}` : "";
      return new Response(null, {
        status: 302,
        headers: { location: pathname + query, "set-cookie": cookie },
      });
    }
    const shop = sessions.shopOf(request);
    if (!shop) return Response.json({ message: "Sign in first." }, { status: 401 });
    if (request.method !== "POST" || !isJson(request)) {
      return Response.json({ message: "Send JSON by POST." }, { status: 405 });
    }
    const billing = billingOf(shop);
    try {
      switch (pathname) {
        case "/api/usage-billing":
          return await answerRead(request, billing);
        case "/api/capped-amount":
          return await raiseCap(request, billing);
        case "/api/plan":
          return await choosePlan(shop, billing);
        default:
          return Response.json({ message: "There is nothing here." }, { status: 404 });
      }
    } catch (error) {
      if (!(error instanceof UsageBillingError)) throw error;
      const status = error instanceof InvalidInputError ? 422 : 502;
      const message =
        status === 422
          ? "Enter an amount such as 150.00."
          : "Shopify could not be reached. Try again.";
      return Response.json({ message }, { status });
    }
  };
}
