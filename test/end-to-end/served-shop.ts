import {
  createUsageBillingClient,
  type UsageBillingClient,
  type UsageBillingClientOptions,
  type UsageBillingEvent,
} from "shopify-usage-billing/2026-10";
import {
  createAdminSimulator,
  type AdminSimulator,
  type AdminSimulatorOptions,
  type RequestRecord,
  type Shop,
  type ShopOptions,
  type Subscription,
  type SubscriptionOptions,
} from "shopify-usage-billing/testing";
import { onTestFinished, vi } from "vitest";

export const SHOP = "example.myshopify.com";
export const TOKEN = "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";

/** What most tests charge. */
export const CHARGE = {
  description: "1000 emails",
  price: { amount: "1.00", currencyCode: "USD" },
} as const;

/** Options of a client with a transport of its own. */
export type OwnOptions = Partial<Exclude<UsageBillingClientOptions, { client: object }>>;

/** What may differ from shop to shop. */
export interface ServedShopOptions {
  readonly simulator?: AdminSimulatorOptions;
  readonly shop?: Partial<ShopOptions>;
  readonly subscription?: Partial<SubscriptionOptions>;
  readonly client?: OwnOptions;
}

/** A shop that uses the app, a simulator that serves it over HTTP, and a client that charges it. */
export interface ServedShop {
  readonly admin: AdminSimulator;
  readonly shop: Shop;
  /** By default active, with a cap of 100 USD. */
  readonly subscription: Subscription;
  readonly lineItemId: string;
  readonly endpoint: string;
  readonly billing: UsageBillingClient;
  /** Another client for the same shop. */
  readonly client: (options?: OwnOptions) => UsageBillingClient;
  /** The events of all clients. */
  readonly events: readonly UsageBillingEvent[];
  /** The requests for a charge. */
  readonly charges: () => readonly RequestRecord[];
}

/** Serves a shop until the test ends. The simulated time stands still. */
export async function serveShop(options: ServedShopOptions = {}): Promise<ServedShop> {
  const admin = createAdminSimulator({
    now: "2026-11-21T12:00:00Z",
    clock: "manual",
    ...options.simulator,
  });
  const shop = admin.addShop({ shop: SHOP, accessToken: TOKEN, ...options.shop });
  const subscription = shop.createSubscription({
    cappedAmount: { amount: "100.00", currencyCode: "USD" },
    status: "ACTIVE",
    ...options.subscription,
  });
  const listener = await admin.listen();
  onTestFinished(listener.close);

  const endpoint = listener.endpoint("2026-10");
  const events: UsageBillingEvent[] = [];
  const client = (own: OwnOptions = {}): UsageBillingClient =>
    createUsageBillingClient({
      shop: SHOP,
      accessToken: TOKEN,
      endpoint,
      ...own,
      onEvent: (event) => {
        events.push(event);
        return own.onEvent?.(event);
      },
    });
  return {
    admin,
    shop,
    subscription,
    lineItemId: subscription.usageLineItem?.id ?? "",
    endpoint,
    billing: client(options.client),
    client,
    events,
    charges: () =>
      admin.requests.filter(({ rootFields }) => rootFields.includes("appUsageRecordCreate")),
  };
}

/**
 * Stops the time of the test, real HTTP going on, and returns a listener for a client: each wait
 * that the client tells of passes at once.
 */
export function skipWaits(): (event: UsageBillingEvent) => void {
  stopTime();
  return (event) => {
    if (!("wait" in event)) return;
    // The client sets its timer after it has emitted the event.
    setImmediate(() => vi.advanceTimersByTime(Math.ceil(event.wait)));
  };
}

/** Stops the clocks and timers of the test until it ends; `vi.advanceTimersByTime` moves them. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Resolves when the simulator has finished as many more requests, with or without a response. */
export function requestsDone(admin: AdminSimulator, count = 1): Promise<void> {
  return new Promise((resolve) => {
    let missing = count;
    const stop = admin.on("request", () => {
      missing -= 1;
      if (missing > 0) return;
      stop();
      resolve();
    });
  });
}

/** What a promise resolves or rejects with. */
export function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
