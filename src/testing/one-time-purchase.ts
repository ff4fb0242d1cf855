import { dateTime } from "./clock.js";
import { globalId } from "./global-id.js";
import type { Money } from "./money.js";
import type { Shop } from "./shop.js";

/** Shopify's `AppPurchaseStatus`. */
export type OneTimePurchaseStatus = "PENDING" | "ACTIVE" | "DECLINED" | "EXPIRED";

const APPROVAL_DEADLINE = 2 * 24 * 60 * 60 * 1000;

/** A single charge that the merchant approves: an `AppPurchaseOneTime` of the API. */
export class OneTimePurchase {
  readonly id: string;
  readonly name: string;
  readonly price: Money;
  readonly test: boolean;
  readonly createdAt: string;
  readonly returnUrl: string;
  readonly #shop: Shop;
  readonly #number: number;
  readonly #createdAt: number;
  #status: OneTimePurchaseStatus = "PENDING";

  /** @internal */
  constructor(
    shop: Shop,
    number: number,
    createdAt: number,
    content: {
      readonly name: string;
      readonly price: Money;
      readonly test: boolean;
      readonly returnUrl: string;
    },
  ) {
    this.#shop = shop;
    this.#number = number;
    this.#createdAt = createdAt;
    this.id = globalId("AppPurchaseOneTime", number);
    this.name = content.name;
    this.price = content.price;
    this.test = content.test;
    this.returnUrl = content.returnUrl;
    this.createdAt = dateTime(createdAt);
  }

  /** @internal */
  get __typename(): "AppPurchaseOneTime" {
    return "AppPurchaseOneTime";
  }

  /** @internal */
  get number(): number {
    return this.#number;
  }

  get status(): OneTimePurchaseStatus {
    return this.#status;
  }

  get confirmationUrl(): string {
    return this.#shop.confirmationUrl("oneTimePurchase", this.#number);
  }

  /** @internal */
  get approvalDeadline(): number {
    return this.#createdAt + APPROVAL_DEADLINE;
  }

  /** @internal */
  setStatus(status: OneTimePurchaseStatus): void {
    this.#status = status;
  }
}
