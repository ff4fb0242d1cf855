import { dateTime } from "./clock.js";
import { globalId } from "./global-id.js";
import type { Money } from "./money.js";
import type { Shop } from "./shop.js";

/** Shopify's `AppPurchaseStatus`. */
export type OneTimePurchaseStatus = "PENDING" | "ACTIVE" | "DECLINED" | "EXPIRED";

/** What a one-time purchase is made of. */
export interface OneTimePurchaseContent {
  readonly name: string;
  readonly price: Money;
  readonly test: boolean;
  readonly returnUrl: string;
}

/** A purchase that the merchant does not approve within two days expires (documented by Shopify). */
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
  #decision: "ACTIVE" | "DECLINED" | null = null;

  /** @internal */
  constructor(shop: Shop, number: number, createdAt: number, content: OneTimePurchaseContent) {
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
    if (this.#decision !== null) return this.#decision;
    return this.#shop.now() < this.#createdAt + APPROVAL_DEADLINE ? "PENDING" : "EXPIRED";
  }

  get confirmationUrl(): string {
    return this.#shop.platform.approvals.confirmationUrl("oneTimePurchase", this.#number);
  }

  /** @internal The merchant has decided. */
  decide(decision: "ACTIVE" | "DECLINED"): void {
    this.#decision = decision;
  }
}
