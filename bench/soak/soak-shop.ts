import {
  createAdminSimulator,
  FAULT_NAMES,
  type FaultDetails,
  type FaultName,
  type Replay,
} from "shopify-usage-billing/testing";
import type { LedgerCharge, LedgerEvidence } from "./ledger-evidence.js";
import { CAPPED_AMOUNT } from "./planned-charge.js";

/** The options of a soak's shop. */
export interface SoakShopOptions {
  readonly seed: number;
  /** The share of requests with a fault, spread equally over all kinds. */
  readonly faults: number;
  readonly replay: Replay;
}

/** Where to charge. */
export interface SoakShopAddress {
  readonly endpoint: string;
  readonly shop: string;
  readonly accessToken: string;
  readonly lineItemId: string;
}

/** A shop with faults. */
export interface SoakShop {
  readonly address: SoakShopAddress;
  /** Returns what has really happened so far. */
  evidence(): Promise<LedgerEvidence>;
  close(): Promise<void>;
}

const SHOP = "soak.myshopify.com";
const ACCESS_TOKEN = "shpat_soak";

/** The waits, shortened like the client's. */
const DETAILS: Partial<Record<FaultName, FaultDetails>> = {
  tooManyRequests: { retryAfter: "0.05" },
  slowBody: { milliseconds: 200 },
};

/**
 * How long most requests take, in milliseconds, and how long one in eighty does: longer than the
 * client waits.
 */
const LATENCY = 10;
const LONG_LATENCY = 600;
const LONG_EVERY = 80;

/** Opens a shop on this process's simulator, over HTTP. */
export async function openSoakShop({ seed, faults, replay }: SoakShopOptions): Promise<SoakShop> {
  const admin = createAdminSimulator({
    seed,
    replay,
    bucket: { maximumAvailable: 20_000, restoreRate: 10_000 },
    requestLimit: 1,
  });
  const shop = admin.addShop({ shop: SHOP, accessToken: ACCESS_TOKEN });
  const { usageLineItem } = shop.createSubscription({
    cappedAmount: { amount: CAPPED_AMOUNT, currencyCode: "USD" },
    status: "ACTIVE",
  });
  if (!usageLineItem) throw new Error("The simulator made a subscription without its usage line");

  let tokensAstray = 0;
  const listener = await admin.listen(0, {
    fallback: ({ headers }) => {
      if (headers.has("x-shopify-access-token")) tokensAstray += 1;
      return new Response("another host", { status: 404 });
    },
  });
  // The same server under another name, so that it is another origin.
  const location = `http://localhost:${listener.port}/elsewhere`;
  const rate = faults / FAULT_NAMES.length;
  admin.faults.rate(
    Object.fromEntries(
      FAULT_NAMES.map((name) => [
        name,
        { rate, ...DETAILS[name], ...(name === "redirect" && { location }) },
      ]),
    ),
  );
  let requestCount = 0;
  admin.faults.latency(() => {
    requestCount += 1;
    return requestCount % LONG_EVERY === 0 ? LONG_LATENCY : LATENCY;
  });

  const faultOf = new Map<string, FaultName>();
  const requests: Record<string, number> = {};
  admin.on("request", ({ id, fault, path }) => {
    if (!path.startsWith("/admin/")) return;
    if (fault) faultOf.set(id, fault);
    requests[fault ?? "none"] = (requests[fault ?? "none"] ?? 0) + 1;
  });

  return {
    address: {
      endpoint: listener.endpoint(),
      shop: SHOP,
      accessToken: ACCESS_TOKEN,
      lineItemId: usageLineItem.id,
    },
    evidence: async () => ({
      charges: admin.ledger.map(
        ({ id, description, idempotencyKey, price, attempts }): LedgerCharge => ({
          id,
          description,
          idempotencyKey,
          amount: price.amount,
          fault: faultOf.get(attempts[0] ?? "") ?? null,
        }),
      ),
      requests: { ...requests },
      tokensAstray,
    }),
    close: listener.close,
  };
}
