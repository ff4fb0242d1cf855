import { globalId } from "./global-id.js";
import type { Money } from "./money.js";
import type { LineItem } from "./line-item.js";
import type { Owner } from "./owner.js";
import type { UserError } from "./user-error.js";

/** What a usage record is made of. */
export interface UsageRecordContent {
  readonly description: string;
  readonly price: Money;
  readonly idempotencyKey: string | null;
  readonly createdAt: string;
}

/**
 * One charge that was really made: an entry of the ledger, and an `AppUsageRecord` of the API.
 */
export class UsageRecord {
  /** `gid://shopify/AppUsageRecord/…` */
  readonly id: string;
  /** `example.myshopify.com` */
  readonly shop: string;
  /** The app that charged. */
  readonly app: string;
  readonly subscriptionLineItemId: string;
  readonly description: string;
  /** A decimal string and its currency. */
  readonly price: Money;
  readonly idempotencyKey: string | null;
  /** `2025-01-31T12:00:00Z`: UTC, whole seconds. */
  readonly createdAt: string;
  /** Whether the charge belongs to a test subscription, so that nobody is ever billed for it. */
  readonly test: boolean;
  /** The ids of all requests that asked for this charge, the one that made it first. Empty if the test made it. */
  readonly attempts: readonly string[];

  readonly #number: number;
  readonly #lineItem: LineItem;
  readonly #attempts: string[];

  /** @internal */
  constructor(
    number: number,
    owner: Owner,
    lineItem: LineItem,
    content: UsageRecordContent,
    requestId: string | null,
  ) {
    this.#number = number;
    this.#lineItem = lineItem;
    this.id = globalId("AppUsageRecord", number);
    this.shop = owner.domain;
    this.app = owner.app;
    this.subscriptionLineItemId = lineItem.id;
    this.description = content.description;
    this.price = content.price;
    this.idempotencyKey = content.idempotencyKey;
    this.createdAt = content.createdAt;
    this.test = lineItem.subscription.test;
    this.#attempts = requestId === null ? [] : [requestId];
    this.attempts = this.#attempts;
  }

  /** @internal */
  get __typename(): "AppUsageRecord" {
    return "AppUsageRecord";
  }

  /** @internal */
  get number(): number {
    return this.#number;
  }

  /** The line item that was charged. */
  get subscriptionLineItem(): LineItem {
    return this.#lineItem;
  }

  /** @internal A request with the same idempotency key was answered with this record. */
  addAttempt(requestId: string): void {
    this.#attempts.push(requestId);
  }
}

/** Shopify's `AppUsageRecordCreatePayload`. */
export interface UsageRecordPayload {
  readonly appUsageRecord: UsageRecord | null;
  readonly userErrors: readonly UserError[];
}
