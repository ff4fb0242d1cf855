/**
 * What the ledger needs of a client of `shopify-usage-billing`, of any API version.
 *
 * @remarks
 * Written with methods, not with properties that are functions, so that the client of each version
 * fits, whatever currencies it knows.
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

/** A charge, as it is handed to the client. */
export interface ChargeInput {
  readonly description: string;
  /** `never` fits the union of currencies of every API version; what it really is comes from the line item. */
  readonly price: { readonly amount: string; readonly currencyCode: never };
  readonly idempotencyKey: string;
  readonly subscriptionLineItemId: string;
}

/** What the ledger reads of a usage record. */
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

/** What became of a charge. */
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

/** What the ledger reads of the line item that usage is charged to. */
export interface LineItem {
  readonly id: string;
  readonly test: boolean;
  readonly balanceUsed: Money;
  readonly cappedAmount: Money;
  readonly balanceRemaining: Money;
  readonly currentPeriodEnd: string | null;
  readonly subscription: SubscriptionFacts;
}

/** What the ledger reads of a subscription. */
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
