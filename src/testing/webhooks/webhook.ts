import type { WebhookFaultName } from "./webhook-faults.js";
import type { WebhookTopic } from "./topic.js";

/** One attempt to deliver a webhook. */
export interface WebhookAttempt {
  /** Simulated milliseconds since 1970. */
  readonly at: number;
  /** The status of the app's response. `null` if none arrived. */
  readonly status: number | null;
  /** Why no response arrived. `null` if one did. */
  readonly error: string | null;
}

/** One webhook, and how its delivery went. */
export interface Webhook {
  /** As in `X-Shopify-Webhook-Id`. Repeated deliveries have the same. */
  readonly id: string;
  /** As in `X-Shopify-Event-Id`: the same for all webhooks of one event. */
  readonly eventId: string;
  readonly topic: WebhookTopic;
  /** `example.myshopify.com` */
  readonly shop: string;
  readonly app: string;
  readonly apiVersion: string;
  /** Simulated milliseconds since 1970. */
  readonly triggeredAt: number;
  /** The JSON text that is sent and signed. */
  readonly body: string;
  readonly fault: WebhookFaultName | null;
  readonly attempts: readonly WebhookAttempt[];
  /** `failed` after eight retries, and `suppressed` by the fault `never`. */
  readonly outcome: "pending" | "delivered" | "failed" | "suppressed";
}

/** A webhook that is still on its way. */
export type OpenWebhook = { -readonly [Key in keyof Webhook]: Webhook[Key] } & {
  attempts: WebhookAttempt[];
};
