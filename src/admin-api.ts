import type { Money } from "./money.js";
import type { SeenRecords } from "./seen-records.js";
import type { EventListener } from "./transport/events.js";
import type { Transport } from "./transport/transport.js";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { UserError } from "./user-error.js";

/** The fields of a usage record that the client relies on. A version's own type may have more. */
export interface UsageRecordShape {
  readonly id: string;
  readonly createdAt: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly price: Money;
  readonly subscriptionLineItem: { readonly id: string };
}

/** The response to a charge: the record, or the reasons for its absence. */
export type ChargeData<UsageRecord extends UsageRecordShape> = {
  readonly appUsageRecordCreate: {
    readonly appUsageRecord: UsageRecord | null;
    readonly userErrors: readonly UserError[];
  } | null;
};

/** What the client relies on in a line item's pricing. */
export type PricingDetailsShape =
  | {
      readonly __typename: "AppUsagePricing";
      readonly balanceUsed: Money;
      readonly cappedAmount: Money;
      readonly interval: string;
      readonly terms: string;
    }
  | { readonly __typename: "AppRecurringPricing" };

/** What the client relies on in a subscription. */
export interface SubscriptionShape {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly test: boolean;
  readonly currentPeriodEnd: string | null;
  readonly lineItems: readonly {
    readonly id: string;
    readonly plan: { readonly pricingDetails: PricingDetailsShape };
  }[];
}

/**
 * The types of one Admin API version, as its generated code has them.
 *
 * @remarks
 * The core is written once for all versions: it takes this bag of types and the
 * {@link Documents} that go with it, and never imports generated code.
 */
export interface AdminApi {
  CurrencyCode: string;
  UsageRecord: UsageRecordShape;
  LeanUsageRecord: UsageRecordShape;
  Subscription: SubscriptionShape;
  UsageRecordSortKey: string;
  SubscriptionSortKey: string;
  ReplacementBehavior: string;
  PricingInterval: string;
}

/** A page of a Relay connection. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface PageVariables<SortKey extends string> {
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly reverse?: boolean | null | undefined;
  readonly sortKey?: SortKey | null | undefined;
}

interface RecurringPricing<Api extends AdminApi> {
  readonly price: Money<Api["CurrencyCode"]>;
  readonly interval?: Api["PricingInterval"] | null | undefined;
  readonly discount?:
    | {
        readonly durationLimitInIntervals?: number | null | undefined;
        readonly value?:
          | {
              readonly amount?: string | null | undefined;
              readonly percentage?: number | null | undefined;
            }
          | null
          | undefined;
      }
    | null
    | undefined;
}

/** What the `lineItems` of `appSubscriptionCreate` take. */
export interface LineItemVariables<Api extends AdminApi> {
  readonly plan: {
    readonly appUsagePricingDetails?:
      | { readonly cappedAmount: Money<Api["CurrencyCode"]>; readonly terms: string }
      | null
      | undefined;
    readonly appRecurringPricingDetails?: RecurringPricing<Api> | null | undefined;
  };
}

interface SubscriptionPayload<Api extends AdminApi> {
  readonly appSubscription: Api["Subscription"] | null;
  readonly userErrors: readonly UserError[];
}

interface ConfirmedPayload<Api extends AdminApi> extends SubscriptionPayload<Api> {
  readonly confirmationUrl: string | null;
}

/** A subscription with a page of the usage records of each of its line items. */
export interface UsageRecordsData<Api extends AdminApi> {
  readonly node:
    | {
        readonly __typename: "AppSubscription";
        readonly id: string;
        readonly lineItems: readonly {
          readonly id: string;
          readonly plan: { readonly pricingDetails: { readonly __typename: string } };
          readonly usageRecords: Page<Api["UsageRecord"]>;
        }[];
      }
    | { readonly __typename: string }
    | null;
}

/** A document that reads one node by its id. */
type NodeDocument<Node> = TypedDocumentNode<
  {
    readonly node:
      | Node
      // The id belongs to a node of another type.
      | { readonly [field: string]: never }
      | null;
  },
  { id: string }
>;

/** A document that charges, with the record that it asks for. */
export type ChargeDocument<
  Api extends AdminApi,
  UsageRecord extends UsageRecordShape,
> = TypedDocumentNode<
  ChargeData<UsageRecord>,
  {
    subscriptionLineItemId: string;
    price: Money<Api["CurrencyCode"]>;
    description: string;
    idempotencyKey: string;
  }
>;

/** The documents of one Admin API version, as codegen names them. */
export interface Documents<Api extends AdminApi> {
  readonly AppUsageRecordCreateDocument: ChargeDocument<Api, Api["UsageRecord"]>;
  readonly AppUsageRecordCreateLeanDocument: ChargeDocument<Api, Api["LeanUsageRecord"]>;
  readonly ActiveSubscriptionsDocument: TypedDocumentNode<
    {
      readonly currentAppInstallation: {
        readonly activeSubscriptions: readonly Api["Subscription"][];
      };
    },
    Record<string, never>
  >;
  readonly SubscriptionsDocument: TypedDocumentNode<
    {
      readonly currentAppInstallation: { readonly allSubscriptions: Page<Api["Subscription"]> };
    },
    PageVariables<Api["SubscriptionSortKey"]>
  >;
  readonly SubscriptionDocument: NodeDocument<Api["Subscription"]>;
  readonly UsageRecordDocument: NodeDocument<Api["UsageRecord"]>;
  readonly UsageRecordsDocument: TypedDocumentNode<
    UsageRecordsData<Api>,
    PageVariables<Api["UsageRecordSortKey"]> & { subscriptionId: string }
  >;
  readonly AppSubscriptionLineItemUpdateDocument: TypedDocumentNode<
    { readonly appSubscriptionLineItemUpdate: ConfirmedPayload<Api> | null },
    { id: string; cappedAmount: Money<Api["CurrencyCode"]> }
  >;
  readonly AppSubscriptionCreateDocument: TypedDocumentNode<
    { readonly appSubscriptionCreate: ConfirmedPayload<Api> | null },
    {
      name: string;
      returnUrl: string;
      lineItems: readonly LineItemVariables<Api>[];
      test?: boolean | null | undefined;
      trialDays?: number | null | undefined;
      replacementBehavior?: Api["ReplacementBehavior"] | null | undefined;
    }
  >;
  readonly AppSubscriptionCancelDocument: TypedDocumentNode<
    { readonly appSubscriptionCancel: SubscriptionPayload<Api> | null },
    { id: string; prorate?: boolean | null | undefined }
  >;
}

/** What every operation of a client works with. */
export interface BillingContext<Api extends AdminApi> {
  readonly transport: Transport;
  readonly documents: Documents<Api>;
  readonly onEvent: EventListener | undefined;
  /** The records that the client has seen, to notice two under one key. */
  readonly seenRecords: SeenRecords;
}
