import { newestApiVersion } from "../../api-versions.js";
import type { Platform } from "../platform/platform.js";
import { SimulatorUsageError } from "../usage-error.js";
import { signature } from "./signature.js";
import {
  TOPIC_HEADERS,
  WEBHOOK_TOPICS,
  type Addressee,
  type Announcement,
  type WebhookTopic,
} from "./topic.js";
import type { OpenWebhook, WebhookAttempt } from "./webhook.js";
import type { WebhookHandler, WebhookSubscriptionOptions } from "./webhook-subscription.js";
import type { WebhookFaults } from "./webhook-faults.js";

interface WebhookSubscription {
  readonly addressee: Addressee;
  readonly topics: readonly WebhookTopic[];
  readonly handler: WebhookHandler;
  readonly apiVersion: string;
}

const MINUTE = 60 * 1000;
/** Eight retries in four hours, with growing pauses (documented by Shopify). Each pause is a choice. */
const RETRIES = [1, 2, 4, 8, 16, 32, 64, 113].map((minutes) => minutes * MINUTE);
/** An app has five seconds of real time to respond (documented by Shopify). */
const TIMEOUT = 5000;

/** Sends webhooks as Shopify does: signed, in order, again if they fail. */
export class Webhooks {
  /** The latest, oldest first. */
  readonly sent: OpenWebhook[] = [];
  readonly #platform: Platform;
  readonly #faults: WebhookFaults;
  readonly #limit: number;
  readonly #subscriptions: Set<WebhookSubscription> = new Set();
  /** By app and shop: what the next delivery waits for. */
  readonly #queues: Map<Addressee, Promise<void>> = new Map();
  /** By app and shop: what waits for the next delivery. */
  readonly #held: Map<Addressee, (() => void)[]> = new Map();
  readonly #running: Set<Promise<void>> = new Set();

  constructor(platform: Platform, faults: WebhookFaults, limit: number) {
    this.#platform = platform;
    this.#faults = faults;
    this.#limit = limit;
  }

  /** Subscribes an app until the returned function is called. */
  subscribe(addressee: Addressee, options: WebhookSubscriptionOptions): () => void {
    const { topics = WEBHOOK_TOPICS, to, apiVersion = newestApiVersion } = options;
    const subscription = { addressee, topics, handler: asHandler(to), apiVersion };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** Ends all subscriptions of an app in a shop. */
  unsubscribe(addressee: Addressee): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.addressee === addressee) this.#subscriptions.delete(subscription);
    }
  }

  /** Sends a webhook to everybody who subscribed to it. */
  announce({ addressee, topic, payload }: Announcement): void {
    const { random, clock } = this.#platform;
    const eventId = random.uuid();
    for (const subscription of this.#subscriptions) {
      if (subscription.addressee !== addressee || !subscription.topics.includes(topic)) continue;
      const fault = this.#faults.draw(topic);
      const webhook: OpenWebhook = {
        id: random.uuid(),
        eventId,
        topic,
        shop: addressee.domain,
        app: addressee.app,
        apiVersion: subscription.apiVersion,
        triggeredAt: clock.now(),
        body: JSON.stringify(payload),
        fault: fault?.name ?? null,
        attempts: [],
        outcome: "pending",
      };
      this.sent.push(webhook);
      if (this.sent.length > this.#limit) this.sent.shift();
      const deliver = (): void => this.#enqueue(subscription, webhook);
      const late = fault?.milliseconds ?? MINUTE;
      switch (fault?.name) {
        case "never":
          webhook.outcome = "suppressed";
          this.#platform.events.emit("webhook", webhook);
          break;
        case "late":
          this.#later(late, deliver);
          break;
        case "outOfOrder":
          this.#hold(addressee, late, deliver);
          break;
        case "twice":
          deliver();
          deliver();
          break;
        default:
          deliver();
      }
    }
  }

  /** Resolves once every webhook that is due has been delivered or has failed. Late ones and retries wait for the clock. */
  async delivered(): Promise<void> {
    do {
      await Promise.all(this.#running);
      // What the clock has just woken starts a few turns later.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    } while (this.#running.size > 0);
  }

  #enqueue(subscription: WebhookSubscription, webhook: OpenWebhook): void {
    const { addressee } = subscription;
    const before = this.#queues.get(addressee) ?? Promise.resolve();
    const delivery = before.then(() => this.#attempt(subscription, webhook));
    this.#queues.set(addressee, delivery);
    this.#running.add(delivery);
    void delivery.then(() => {
      this.#running.delete(delivery);
      const held = this.#held.get(addressee) ?? [];
      this.#held.delete(addressee);
      for (const release of held) release();
    });
  }

  async #attempt(subscription: WebhookSubscription, webhook: OpenWebhook): Promise<void> {
    const { clock, events } = this.#platform;
    const attempt = await this.#send(subscription, webhook);
    webhook.attempts.push(attempt);
    const { status } = attempt;
    const retry = RETRIES[webhook.attempts.length - 1];
    if (status !== null && status >= 200 && status < 300) {
      webhook.outcome = "delivered";
    } else if (webhook.outcome === "pending" && retry !== undefined) {
      void clock.sleep(retry, false).then(() => this.#enqueue(subscription, webhook));
    } else if (webhook.outcome === "pending") {
      webhook.outcome = "failed";
      // Documented by Shopify, for subscriptions that were made through the API.
      this.#subscriptions.delete(subscription);
    }
    events.emit("webhook", webhook);
  }

  async #send(
    { addressee, handler }: WebhookSubscription,
    webhook: OpenWebhook,
  ): Promise<WebhookAttempt> {
    const at = this.#platform.clock.now();
    const { id, eventId, topic, shop, apiVersion, triggeredAt, body } = webhook;
    const request = new Request("https://app.example/webhooks", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": TOPIC_HEADERS[topic],
        "x-shopify-shop-domain": shop,
        "x-shopify-api-version": apiVersion,
        "x-shopify-webhook-id": id,
        "x-shopify-event-id": eventId,
        "x-shopify-triggered-at": new Date(triggeredAt).toISOString().replace("Z", "000Z"),
        "x-shopify-hmac-sha256": await signature(body, addressee.apiSecret),
      },
      body,
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No response within ${TIMEOUT} ms`)), TIMEOUT);
    });
    try {
      const response = await Promise.race([handler(request), timeout]);
      return { at, status: response?.status ?? 200, error: null };
    } catch (error) {
      return { at, status: null, error: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  #later(milliseconds: number, deliver: () => void): void {
    void this.#platform.clock.sleep(milliseconds, false).then(deliver);
  }

  /** Delivers after the next webhook of the shop, or after a time if there is none. */
  #hold(addressee: Addressee, milliseconds: number, deliver: () => void): void {
    let isDelivered = false;
    const once = (): void => {
      if (isDelivered) return;
      isDelivered = true;
      deliver();
    };
    this.#held.set(addressee, [...(this.#held.get(addressee) ?? []), once]);
    this.#later(milliseconds, once);
  }
}

function asHandler(to: string | URL | WebhookHandler): WebhookHandler {
  if (typeof to === "function") return to;
  const url = URL.canParse(String(to)) ? new URL(to) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SimulatorUsageError(`to must be an HTTP URL or a function, got ${String(to)}`);
  }
  return async (request) =>
    fetch(url, {
      method: "POST",
      headers: request.headers,
      body: await request.text(),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
}
