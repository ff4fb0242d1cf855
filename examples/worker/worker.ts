/**
 * A worker that charges for usage: `POST /usage` with a shop, a quantity and a key.
 *
 * It needs `fetch` and nothing of Node, so it runs on Cloudflare Workers and wherever else a module may
 * export `{ fetch }`.
 */
import {
  createUsageBillingClient,
  UsageBillingError,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";

/** What the worker is bound to. */
export interface Env {
  /** Access tokens by shop, such as a KV namespace. */
  readonly ACCESS_TOKENS: { get(shop: string): Promise<string | null> };
  /** What the app's other parts show as a bearer token. */
  readonly USAGE_SECRET: string;
}

/** In thousandths of a dollar. */
const PRICE_PER_EMAIL = 1;

/** A price stays a whole number until it is printed: no float comes near it. */
function dollars(thousandths: number): string {
  const digits = String(thousandths).padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** One client a shop, for as long as the isolate lives: it paces the shop's calls. */
const clients = new Map<string, UsageBillingClient>();

function billingFor(shop: string, env: Env): UsageBillingClient {
  let billing = clients.get(shop);
  if (!billing) {
    const accessToken = async (): Promise<string> => (await env.ACCESS_TOKENS.get(shop)) ?? "";
    // A worker's caller waits: better to say soon that it is open than to repeat for a minute.
    const retry = { attempts: 3, deadline: 10_000 };
    billing = createUsageBillingClient({ shop, accessToken, retry });
    clients.set(shop, billing);
  }
  return billing;
}

/** Compares digests, so that the time it takes says nothing of the secret. */
async function isSecret(given: string, secret: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const [a, b] = await Promise.all(
    [given, secret].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))),
  );
  return String(new Uint8Array(a ?? [])) === String(new Uint8Array(b ?? []));
}

interface Usage {
  readonly shop: string;
  readonly emails: number;
  readonly key: string;
}

function isUsage(value: unknown): value is Usage {
  if (typeof value !== "object" || value === null) return false;
  const { shop, emails, key }: Partial<Record<keyof Usage, unknown>> = value;
  return (
    typeof shop === "string" &&
    Number.isSafeInteger(emails) &&
    Number(emails) > 0 &&
    typeof key === "string"
  );
}

async function charge(
  { shop, emails, key }: Usage,
  env: Env,
  signal: AbortSignal,
): Promise<Response> {
  const result = await billingFor(shop, env).createUsageRecord(
    {
      description: `${emails} emails`,
      // The price in thousandths is whole: no float comes near the amount.
      price: { amount: dollars(emails * PRICE_PER_EMAIL), currencyCode: "USD" },
      idempotencyKey: key,
    },
    { signal },
  );
  if (result.ok) return Response.json({ charged: result.usageRecord.price, key });
  // 402 for what only the merchant can change; the charge was surely not made.
  return Response.json(
    { refused: result.userErrors, certainty: result.certainty, key },
    { status: result.certainty === "unknown" ? 503 : 402 },
  );
}

/** The status of what the same request would meet again. */
const FINAL: Readonly<Record<string, number>> = {
  InvalidInputError: 400,
  NoActiveUsageLineItemError: 402,
  AuthenticationError: 403,
  AccessDeniedError: 403,
  IdempotencyConflictError: 409,
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/usage") {
      return new Response(null, { status: 404 });
    }
    const authorization = request.headers.get("authorization") ?? "";
    if (!(await isSecret(authorization, `Bearer ${env.USAGE_SECRET}`))) {
      return new Response(null, { status: 401 });
    }
    const usage: unknown = await request.json().catch(() => null);
    if (!isUsage(usage)) return Response.json({ error: "no usage" }, { status: 400 });
    try {
      return await charge(usage, env, request.signal);
    } catch (error) {
      if (!(error instanceof UsageBillingError)) throw error;
      const { name, message, certainty, requestId } = error;
      // 503 asks for the same request again: with the same key it charges once.
      const status = FINAL[name] ?? 503;
      return Response.json({ error: name, message, certainty, requestId }, { status });
    }
  },
};
