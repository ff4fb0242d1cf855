import { dateTime } from "../platform/clock.js";
import { globalId } from "./global-id.js";
import type { Money } from "./money.js";
import type { Owner } from "./owner.js";

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
  readonly #owner: Owner;
  readonly #number: number;
  readonly #createdAt: number;
  #decision: "ACTIVE" | "DECLINED" | null = null;

  /** @internal */
  constructor(owner: Owner, number: number, createdAt: number, content: OneTimePurchaseContent) {
    this.#owner = owner;
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
    return this.#owner.now() < this.#createdAt + APPROVAL_DEADLINE ? "PENDING" : "EXPIRED";
  }

  get confirmationUrl(): string {
    return this.#owner.confirmationUrl("oneTimePurchase", this.#number);
  }

  /** @internal Records the merchant's decision. */
  decide(decision: "ACTIVE" | "DECLINED"): void {
    this.#decision = decision;
  }
}
