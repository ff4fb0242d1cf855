import type { ApprovalKind } from "./approval.js";

/** The app in a shop that subscriptions, purchases and usage records belong to. */
export interface Owner {
  /** `example.myshopify.com` */
  readonly domain: string;
  /** The app's name. */
  readonly app: string;
  /** The API's `App`. */
  readonly appDetails: object;
  /** The simulated time, in milliseconds since 1970. */
  now(): number;
  /** Applies time-based transitions: expiry, deferred activation. */
  settle(): void;
  confirmationUrl(kind: ApprovalKind, number: number): string;
}
