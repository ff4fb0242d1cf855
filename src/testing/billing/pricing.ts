import { parseDecimal, ZERO, type Decimal } from "./decimal.js";
import { money, priceTag, type Money } from "./money.js";

/** How often a shop is billed. */
export type PricingInterval = "EVERY_30_DAYS" | "ANNUAL";

/** A discount on the recurring price: an amount, or a fraction of it (`0.25` is a quarter off). */
export interface DiscountTerms {
  readonly value: { readonly amount: Decimal } | { readonly percentage: number };
  /** The number of intervals it lasts. `null` if it lasts for ever. */
  readonly durationLimitInIntervals: number | null;
}

/** `AppUsagePricing`: charges up to a cap, added up over 30 days. */
export class UsagePricing {
  readonly terms: string;
  /** A usage line is always billed every 30 days (documented by Shopify). */
  readonly interval: PricingInterval = "EVERY_30_DAYS";
  readonly #currencyCode: string;
  readonly #period: () => number;
  readonly #balances: Map<number, Decimal> = new Map();
  #cap: Decimal;
  #carriedOver: Decimal = ZERO;

  /**
   * @internal
   * @param period - the number of the current period
   */
  constructor(cap: Decimal, currencyCode: string, terms: string, period: () => number) {
    this.#cap = cap;
    this.#currencyCode = currencyCode;
    this.terms = terms;
    this.#period = period;
  }

  /** @internal */
  get __typename(): "AppUsagePricing" {
    return "AppUsagePricing";
  }

  /** The most that can be charged in one period. */
  get cappedAmount(): Money {
    return money(this.#cap, this.#currencyCode);
  }

  /** What was charged in the current period. */
  get balanceUsed(): Money {
    return money(this.#balance(this.#period()), this.#currencyCode);
  }

  /** @internal */
  get currencyCode(): string {
    return this.#currencyCode;
  }

  /** @internal What a merchant agrees to. */
  get agreement(): string {
    return `Usage up to ${priceTag(this.cappedAmount)} every 30 days: ${this.terms}`;
  }

  /** What the API says about it. */
  toJSON(): object {
    const { cappedAmount, balanceUsed, interval, terms } = this;
    return { cappedAmount, balanceUsed, interval, terms };
  }

  /** @internal Whether the price would pass the cap of the current period. */
  exceedsCap(price: Decimal): boolean {
    return this.#balance(this.#period()).plus(price).gt(this.#cap);
  }

  /** @internal Whether only a balance carried over from the plan before makes the price pass the cap. */
  exceedsCapByCarryOver(price: Decimal): boolean {
    const carriedOver = this.#period() === 0 ? this.#carriedOver : ZERO;
    return this.#balance(this.#period()).plus(carriedOver).plus(price).gt(this.#cap);
  }

  /** @internal Lets the balance of the plan before count in the first period. */
  carryOver(before: UsagePricing): void {
    this.#carriedOver = before.#balance(before.#period());
  }

  /** @internal Whether 90 % of the cap were used in the current period: when Shopify warns the app (documented). */
  isNearCap(): boolean {
    return this.#balance(this.#period()).gte(this.#cap.times("0.9"));
  }

  /** @internal */
  isBelow(cap: Decimal): boolean {
    return this.#cap.lt(cap);
  }

  /** @internal */
  charge(price: Decimal, period: number): void {
    this.#balances.set(period, this.#balance(period).plus(price));
  }

  /** @internal */
  setCap(cap: Decimal): void {
    this.#cap = cap;
  }

  #balance(period: number): Decimal {
    return this.#balances.get(period) ?? ZERO;
  }
}

/** `AppRecurringPricing`: the same amount in every interval. */
export class RecurringPricing {
  readonly price: Money;
  readonly interval: PricingInterval;
  readonly #price: Decimal;
  readonly #discount: DiscountTerms | null;
  readonly #period: () => number;

  /** @internal */
  constructor(
    price: Decimal,
    currencyCode: string,
    interval: PricingInterval,
    discount: DiscountTerms | null,
    period: () => number,
  ) {
    this.price = money(price, currencyCode);
    this.interval = interval;
    this.#price = price;
    this.#discount = discount;
    this.#period = period;
  }

  /** @internal */
  get __typename(): "AppRecurringPricing" {
    return "AppRecurringPricing";
  }

  /** @internal A recurring plan has no handle here: handles belong to managed pricing (since 2025-07). */
  get planHandle(): null {
    return null;
  }

  /** @internal What a merchant agrees to. */
  get agreement(): string {
    return `${priceTag(this.price)} every ${this.interval === "ANNUAL" ? "year" : "30 days"}`;
  }

  /** What the API says about it. */
  toJSON(): object {
    const { price, interval, discount } = this;
    return { price, interval, discount };
  }

  /** `AppSubscriptionDiscount`. `null` if there is none. */
  get discount(): Discount | null {
    const discount = this.#discount;
    if (discount === null) return null;
    const { value, durationLimitInIntervals: limit } = discount;
    const { currencyCode } = this.price;
    const off =
      "amount" in value
        ? value.amount
        : this.#price.times(parseDecimal(String(value.percentage)) ?? ZERO);
    return {
      durationLimitInIntervals: limit,
      remainingDurationInIntervals: limit === null ? null : Math.max(0, limit - this.#period()),
      priceAfterDiscount: money(this.#price.minus(off), currencyCode),
      value:
        "amount" in value
          ? {
              __typename: "AppSubscriptionDiscountAmount",
              amount: money(value.amount, currencyCode),
            }
          : {
              __typename: "AppSubscriptionDiscountPercentage",
              percentage: value.percentage,
            },
    };
  }
}

/** `AppSubscriptionDiscount` */
export interface Discount {
  readonly durationLimitInIntervals: number | null;
  readonly remainingDurationInIntervals: number | null;
  readonly priceAfterDiscount: Money;
  readonly value:
    | { readonly __typename: "AppSubscriptionDiscountAmount"; readonly amount: Money }
    | { readonly __typename: "AppSubscriptionDiscountPercentage"; readonly percentage: number };
}
