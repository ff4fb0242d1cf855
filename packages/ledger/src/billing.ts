/**
 * The methods of a `shopify-usage-billing` client that the ledger calls.
 *
 * @remarks
 * Methods, not properties that are functions: their parameters are compared loosely, so that the client
 * of any API version fits although each knows other currencies.
 */
export interface Billing {
  createUsageRecords(
    inputs: AsyncIterable<ChargeInput>,
    options: { readonly concurrency: number; readonly signal?: AbortSignal | undefined },
  ): AsyncIterable<ChargeOutcome>;
  activeUsageLineItem(
    input: { readonly isTest: boolean },
    options: CallOptions,
  ): Promise<LineItem | null>;
  subscriptions(
    input: { readonly reverse: boolean },
    options: CallOptions,
  ): AsyncIterable<SubscriptionFacts>;
  usageRecords(
    input: {
      readonly subscriptionLineItemId?: string;
      readonly subscriptionId?: string;
      readonly reverse: boolean;
    },
    options: CallOptions,
  ): { pages(): AsyncIterable<readonly RecordFacts[]> };
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** An amount with its currency. */
export interface Money {
  /** Decimal string. */
  readonly amount: string;
  readonly currencyCode: string;
}

/** A charge as it is passed to the client. */
export interface ChargeInput {
  readonly description: string;
  /** The line item's currency. Typed as `never`, which fits every API version's union of currencies. */
  readonly price: { readonly amount: string; readonly currencyCode: never };
  readonly idempotencyKey: string;
  readonly subscriptionLineItemId: string;
}

/** The fields of a usage record that the ledger reads. */
export interface RecordFacts {
  readonly id: string;
  readonly createdAt: string;
  readonly idempotencyKey: string | null;
  readonly description: string;
  readonly price: Money;
}

interface Keyed {
  readonly idempotencyKey: string;
}

/** The result of a charge, or the error instead of one. */
export type ChargeOutcome =
  | { readonly input: Keyed; readonly result: ChargeResult; readonly error?: undefined }
  | { readonly input: Keyed; readonly result?: undefined; readonly error: unknown };

/** What Shopify answered. */
export type ChargeResult =
  | {
      readonly ok: true;
      readonly usageRecord: { readonly id: string; readonly createdAt?: string | null };
    }
  | {
      readonly ok: false;
      readonly userErrors: readonly { readonly code: string; readonly message: string }[];
      readonly certainty: "notApplied" | "unknown";
      readonly retryAfter?: number | null;
    };

/** The fields that the ledger reads of the line item to which usage is charged. */
export interface LineItem {
  readonly id: string;
  readonly test: boolean;
  readonly balanceUsed: Money;
  readonly cappedAmount: Money;
  readonly balanceRemaining: Money;
  readonly currentPeriodEnd: string | null;
  readonly subscription: SubscriptionFacts;
}

/** The fields of a subscription that the ledger reads. */
export interface SubscriptionFacts {
  readonly id: string;
  readonly status: string;
  readonly test: boolean;
  readonly lineItems: readonly {
    readonly id: string;
    readonly plan: {
      readonly pricingDetails: { readonly __typename: string; readonly interval?: string };
    };
  }[];
}
