import type { WebhookTopic } from "./topic.js";

/** Handles a webhook, as a route of an app does. Returning nothing counts as 200, a rejection as a failure. */
export type WebhookHandler = (
  request: Request,
) => Response | undefined | void | Promise<Response | undefined | void>;

/** Which webhooks an app wants, and where. */
export interface WebhookSubscriptionOptions {
  /** Default: all that the simulator sends. */
  readonly topics?: readonly WebhookTopic[];
  /** A URL, which gets a real HTTP request, or a function, such as an app's route. */
  readonly to: string | URL | WebhookHandler;
  /** The version in `X-Shopify-API-Version`. Default: the newest stable one. */
  readonly apiVersion?: string;
}
