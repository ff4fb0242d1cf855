/**
 * A worker that charges for the usage in a queue, for all shops of an app made with Shopify's React
 * Router template.
 *
 * It has no request to authenticate. `fromApp` loads each shop's offline session, and Shopify's package
 * refreshes its token before it expires.
 */
import {
  createUsageBillingClient,
  isUsageBillingError,
  type UsageBillingClient,
} from "shopify-usage-billing/2026-10";
import { fromApp, type ShopifyApp } from "shopify-usage-billing/shopify";

/** Usage to charge for: a row of a queue. */
export interface UsageJob {
  readonly shop: string;
  /** Becomes the idempotency key: the job may be taken again, and is charged once. */
  readonly id: string;
  readonly emails: number;
}

/** The queue, such as a table or a queue on Redis. */
export interface UsageQueue {
  take(): Promise<UsageJob | null>;
  done(job: UsageJob, usageRecordId: string): Promise<void>;
  /** Takes a job back, to be taken again after so many milliseconds. */
  later(job: UsageJob, wait: number): Promise<void>;
  /** Puts a job aside that only a person, or the merchant, can help. */
  park(job: UsageJob, reason: string): Promise<void>;
}

/** In cents. */
const PRICE_PER_EMAIL = 2;

/** A cent amount as a decimal string: no float comes near it. */
function dollars(cents: number): string {
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Makes one client a shop, for as long as the process lives: it paces the shop's calls. */
export function clientsOf(
  shopify: ShopifyApp,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): (shop: string) => UsageBillingClient {
  const clients = new Map<string, UsageBillingClient>();
  return (shop) => {
    const client =
      clients.get(shop) ?? createUsageBillingClient({ ...fromApp(shopify, shop), fetch });
    clients.set(shop, client);
    return client;
  };
}

async function charge(
  billing: UsageBillingClient,
  queue: UsageQueue,
  job: UsageJob,
): Promise<void> {
  try {
    const result = await billing.createUsageRecord({
      description: `${job.emails} emails`,
      price: { amount: dollars(job.emails * PRICE_PER_EMAIL), currencyCode: "USD" },
      idempotencyKey: job.id,
    });
    if (result.ok) await queue.done(job, result.usageRecord.id);
    else if (result.retryable) await queue.later(job, result.retryAfter ?? 60_000);
    else await queue.park(job, result.userErrors[0].code);
  } catch (error) {
    if (!isUsageBillingError(error)) throw error;
    if (error.retryable) await queue.later(job, error.retryAfter ?? 60_000);
    else await queue.park(job, error.name);
  }
}

/** Charges for what is in the queue, until it is empty. */
export async function work(
  queue: UsageQueue,
  billingFor: (shop: string) => UsageBillingClient,
): Promise<void> {
  for (let job = await queue.take(); job; job = await queue.take()) {
    await charge(billingFor(job.shop), queue, job);
  }
}
