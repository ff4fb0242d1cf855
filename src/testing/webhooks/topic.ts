/** The topics that the simulator sends, by the names of Shopify's `WebhookSubscriptionTopic`. */
export const WEBHOOK_TOPICS = [
  "APP_SUBSCRIPTIONS_UPDATE",
  "APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT",
  "APP_PURCHASES_ONE_TIME_UPDATE",
  "APP_UNINSTALLED",
] as const;

/** A topic of webhooks. */
export type WebhookTopic = (typeof WEBHOOK_TOPICS)[number];

/** Each topic as the header `X-Shopify-Topic` has it. */
export const TOPIC_HEADERS: Record<WebhookTopic, string> = {
  APP_SUBSCRIPTIONS_UPDATE: "app_subscriptions/update",
  APP_SUBSCRIPTIONS_APPROACHING_CAPPED_AMOUNT: "app_subscriptions/approaching_capped_amount",
  APP_PURCHASES_ONE_TIME_UPDATE: "app_purchases_one_time/update",
  APP_UNINSTALLED: "app/uninstalled",
};

/** The app in a shop that an event is about. */
export interface Addressee {
  /** `example.myshopify.com` */
  readonly domain: string;
  readonly app: string;
  readonly apiSecret: string;
}

/** Something happened that apps can subscribe to. */
export interface Announcement {
  readonly addressee: Addressee;
  readonly topic: WebhookTopic;
  readonly payload: object;
}
