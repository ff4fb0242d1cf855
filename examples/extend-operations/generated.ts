/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> =
  T | { [P in keyof T]?: P extends " $fragmentName" | "__typename" ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from "@graphql-typed-document-node/core";
/** The frequency at which the shop is billed for an app subscription. */
export type AppPricingInterval =
  /** The app subscription bills the shop annually. */
  | "ANNUAL"
  /** The app subscription bills the shop every 30 days. */
  | "EVERY_30_DAYS";

/**
 * The approval status of the app purchase.
 *
 * The merchant is charged for the purchase immediately after approval, and the status changes to `active`.
 * If the payment fails, then the app purchase remains `pending`.
 *
 * Purchases start as `pending` and can change to: `active`, `declined`, `expired`. After a purchase changes, it
 * remains in that final state.
 */
export type AppPurchaseStatus =
  /**
   * The app purchase has been approved by the merchant and is ready to be
   * activated by the app. App purchases created through the GraphQL Admin API are
   * activated upon approval.
   */
  | "ACCEPTED"
  /**
   * The app purchase was approved by the merchant and has been activated by the
   * app. Active app purchases are charged to the merchant and are paid out to the partner.
   */
  | "ACTIVE"
  /** The app purchase was declined by the merchant. */
  | "DECLINED"
  /** The app purchase was not accepted within two days of being created. */
  | "EXPIRED"
  /** The app purchase is pending approval by the merchant. */
  | "PENDING";

/** The status of the app subscription. */
export type AppSubscriptionStatus =
  /** The app subscription has been approved by the merchant and is ready to be activated by the app. */
  | "ACCEPTED"
  /**
   * The app subscription has been approved by the merchant. Active app
   * subscriptions are billed to the shop. After payment, partners receive payouts.
   */
  | "ACTIVE"
  /**
   * The app subscription was cancelled by the app. This could be caused by the app
   * being uninstalled, a new app subscription being activated, or a direct
   * cancellation by the app. This is a terminal state.
   */
  | "CANCELLED"
  /** The app subscription was declined by the merchant. This is a terminal state. */
  | "DECLINED"
  /** The app subscription wasn't approved by the merchant within two days of being created. This is a terminal state. */
  | "EXPIRED"
  /** The app subscription is on hold due to non-payment. The subscription re-activates after payments resume. */
  | "FROZEN"
  /** The app subscription is pending approval by the merchant. */
  | "PENDING";

/** Possible error codes that can be returned by `AppSubscriptionTrialExtendUserError`. */
export type AppSubscriptionTrialExtendUserErrorCode =
  /** The app subscription isn't active. */
  | "SUBSCRIPTION_NOT_ACTIVE"
  /** The app subscription wasn't found. */
  | "SUBSCRIPTION_NOT_FOUND"
  /** The trial isn't active. */
  | "TRIAL_NOT_ACTIVE";

/**
 * The currency codes that represent the world currencies throughout the Admin API. Currency codes include
 * [standard ISO 4217 codes](https://en.wikipedia.org/wiki/ISO_4217), legacy codes, non-standard codes,
 * digital currency codes.
 */
export type CurrencyCode =
  | "AED"
  | "AFN"
  | "ALL"
  | "AMD"
  | "ANG"
  | "AOA"
  | "ARS"
  | "AUD"
  | "AWG"
  | "AZN"
  | "BAM"
  | "BBD"
  | "BDT"
  | "BGN"
  | "BHD"
  | "BIF"
  | "BMD"
  | "BND"
  | "BOB"
  | "BRL"
  | "BSD"
  | "BTN"
  | "BWP"
  | "BYN"
  | "BYR"
  | "BZD"
  | "CAD"
  | "CDF"
  | "CHF"
  | "CLP"
  | "CNY"
  | "COP"
  | "CRC"
  | "CVE"
  | "CZK"
  | "DJF"
  | "DKK"
  | "DOP"
  | "DZD"
  | "EGP"
  | "ERN"
  | "ETB"
  | "EUR"
  | "FJD"
  | "FKP"
  | "GBP"
  | "GEL"
  | "GHS"
  | "GIP"
  | "GMD"
  | "GNF"
  | "GTQ"
  | "GYD"
  | "HKD"
  | "HNL"
  | "HRK"
  | "HTG"
  | "HUF"
  | "IDR"
  | "ILS"
  | "INR"
  | "IQD"
  | "IRR"
  | "ISK"
  | "JEP"
  | "JMD"
  | "JOD"
  | "JPY"
  | "KES"
  | "KGS"
  | "KHR"
  | "KID"
  | "KMF"
  | "KRW"
  | "KWD"
  | "KYD"
  | "KZT"
  | "LAK"
  | "LBP"
  | "LKR"
  | "LRD"
  | "LSL"
  | "LTL"
  | "LVL"
  | "LYD"
  | "MAD"
  | "MDL"
  | "MGA"
  | "MKD"
  | "MMK"
  | "MNT"
  | "MOP"
  | "MRU"
  | "MUR"
  | "MVR"
  | "MWK"
  | "MXN"
  | "MYR"
  | "MZN"
  | "NAD"
  | "NGN"
  | "NIO"
  | "NOK"
  | "NPR"
  | "NZD"
  | "OMR"
  | "PAB"
  | "PEN"
  | "PGK"
  | "PHP"
  | "PKR"
  | "PLN"
  | "PYG"
  | "QAR"
  | "RON"
  | "RSD"
  | "RUB"
  | "RWF"
  | "SAR"
  | "SBD"
  | "SCR"
  | "SDG"
  | "SEK"
  | "SGD"
  | "SHP"
  | "SLL"
  | "SOS"
  | "SRD"
  | "SSP"
  | "STD"
  | "STN"
  | "SYP"
  | "SZL"
  | "THB"
  | "TJS"
  | "TMT"
  | "TND"
  | "TOP"
  | "TRY"
  | "TTD"
  | "TWD"
  | "TZS"
  | "UAH"
  | "UGX"
  | "USD"
  | "USDC"
  | "UYU"
  | "UZS"
  | "VED"
  | "VEF"
  | "VES"
  | "VND"
  | "VUV"
  | "WST"
  | "XAF"
  | "XCD"
  | "XOF"
  | "XPF"
  | "XXX"
  | "YER"
  | "ZAR"
  | "ZMW";

export type BillingOverviewQueryVariables = Exact<{
  purchases: number;
}>;

export type BillingOverviewQuery = {
  readonly currentAppInstallation: {
    readonly activeSubscriptions: ReadonlyArray<{
      readonly name: string;
      readonly lineItems: ReadonlyArray<{
        readonly id: string;
        readonly plan: {
          readonly pricingDetails:
            | { readonly __typename: "AppRecurringPricing" }
            | {
                readonly __typename: "AppUsagePricing";
                readonly interval: AppPricingInterval;
                readonly terms: string;
                readonly balanceUsed: {
                  readonly amount: string;
                  readonly currencyCode: CurrencyCode;
                };
                readonly cappedAmount: {
                  readonly amount: string;
                  readonly currencyCode: CurrencyCode;
                };
              };
        };
      }>;
    }>;
    readonly oneTimePurchases: {
      readonly nodes: ReadonlyArray<{
        readonly name: string;
        readonly status: AppPurchaseStatus;
        readonly price: { readonly amount: string; readonly currencyCode: CurrencyCode };
      }>;
    };
  };
};

export type ExtendTrialMutationVariables = Exact<{
  id: string;
  days: number;
}>;

export type ExtendTrialMutation = {
  readonly appSubscriptionTrialExtend: {
    readonly appSubscription: {
      readonly id: string;
      readonly name: string;
      readonly status: AppSubscriptionStatus;
      readonly test: boolean;
      readonly createdAt: string;
      readonly currentPeriodEnd: string | null;
      readonly trialDays: number;
      readonly returnUrl: string;
      readonly lineItems: ReadonlyArray<{
        readonly id: string;
        readonly plan: {
          readonly pricingDetails:
            | {
                readonly __typename: "AppRecurringPricing";
                readonly interval: AppPricingInterval;
                readonly price: { readonly amount: string; readonly currencyCode: CurrencyCode };
                readonly discount: {
                  readonly durationLimitInIntervals: number | null;
                  readonly remainingDurationInIntervals: number | null;
                  readonly priceAfterDiscount: {
                    readonly amount: string;
                    readonly currencyCode: CurrencyCode;
                  };
                  readonly value:
                    | {
                        readonly __typename: "AppSubscriptionDiscountAmount";
                        readonly amount: {
                          readonly amount: string;
                          readonly currencyCode: CurrencyCode;
                        };
                      }
                    | {
                        readonly __typename: "AppSubscriptionDiscountPercentage";
                        readonly percentage: number;
                      };
                } | null;
              }
            | {
                readonly __typename: "AppUsagePricing";
                readonly interval: AppPricingInterval;
                readonly terms: string;
                readonly balanceUsed: {
                  readonly amount: string;
                  readonly currencyCode: CurrencyCode;
                };
                readonly cappedAmount: {
                  readonly amount: string;
                  readonly currencyCode: CurrencyCode;
                };
              };
        };
      }>;
    } | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
      readonly code: AppSubscriptionTrialExtendUserErrorCode | null;
    }>;
  } | null;
};

export type LeanUsageRecordFragment = {
  readonly id: string;
  readonly createdAt: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly price: { readonly amount: string; readonly currencyCode: CurrencyCode };
  readonly subscriptionLineItem: { readonly id: string };
};

export type MoneyFragment = { readonly amount: string; readonly currencyCode: CurrencyCode };

export type SubscriptionFragment = {
  readonly id: string;
  readonly name: string;
  readonly status: AppSubscriptionStatus;
  readonly test: boolean;
  readonly createdAt: string;
  readonly currentPeriodEnd: string | null;
  readonly trialDays: number;
  readonly returnUrl: string;
  readonly lineItems: ReadonlyArray<{
    readonly id: string;
    readonly plan: {
      readonly pricingDetails:
        | {
            readonly __typename: "AppRecurringPricing";
            readonly interval: AppPricingInterval;
            readonly price: { readonly amount: string; readonly currencyCode: CurrencyCode };
            readonly discount: {
              readonly durationLimitInIntervals: number | null;
              readonly remainingDurationInIntervals: number | null;
              readonly priceAfterDiscount: {
                readonly amount: string;
                readonly currencyCode: CurrencyCode;
              };
              readonly value:
                | {
                    readonly __typename: "AppSubscriptionDiscountAmount";
                    readonly amount: {
                      readonly amount: string;
                      readonly currencyCode: CurrencyCode;
                    };
                  }
                | {
                    readonly __typename: "AppSubscriptionDiscountPercentage";
                    readonly percentage: number;
                  };
            } | null;
          }
        | {
            readonly __typename: "AppUsagePricing";
            readonly interval: AppPricingInterval;
            readonly terms: string;
            readonly balanceUsed: { readonly amount: string; readonly currencyCode: CurrencyCode };
            readonly cappedAmount: { readonly amount: string; readonly currencyCode: CurrencyCode };
          };
    };
  }>;
};

export type UsageLineItemFragment = {
  readonly id: string;
  readonly plan: {
    readonly pricingDetails:
      | { readonly __typename: "AppRecurringPricing" }
      | {
          readonly __typename: "AppUsagePricing";
          readonly interval: AppPricingInterval;
          readonly terms: string;
          readonly balanceUsed: { readonly amount: string; readonly currencyCode: CurrencyCode };
          readonly cappedAmount: { readonly amount: string; readonly currencyCode: CurrencyCode };
        };
  };
};

export type UsageRecordFragment = {
  readonly id: string;
  readonly createdAt: string;
  readonly description: string;
  readonly idempotencyKey: string | null;
  readonly price: { readonly amount: string; readonly currencyCode: CurrencyCode };
  readonly subscriptionLineItem: {
    readonly id: string;
    readonly plan: {
      readonly pricingDetails:
        | { readonly __typename: "AppRecurringPricing" }
        | {
            readonly __typename: "AppUsagePricing";
            readonly interval: AppPricingInterval;
            readonly terms: string;
            readonly balanceUsed: { readonly amount: string; readonly currencyCode: CurrencyCode };
            readonly cappedAmount: { readonly amount: string; readonly currencyCode: CurrencyCode };
          };
    };
  };
};

export const MoneyFragmentDoc = {
  kind: "Document",
  definitions: [
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<MoneyFragment, unknown>;
export const LeanUsageRecordFragmentDoc = {
  kind: "Document",
  definitions: [
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "LeanUsageRecord" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "AppUsageRecord" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          { kind: "Field", name: { kind: "Name", value: "createdAt" } },
          { kind: "Field", name: { kind: "Name", value: "description" } },
          { kind: "Field", name: { kind: "Name", value: "idempotencyKey" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "price" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [{ kind: "FragmentSpread", name: { kind: "Name", value: "Money" } }],
            },
          },
          {
            kind: "Field",
            name: { kind: "Name", value: "subscriptionLineItem" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [{ kind: "Field", name: { kind: "Name", value: "id" } }],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<LeanUsageRecordFragment, unknown>;
export const UsageLineItemFragmentDoc = {
  kind: "Document",
  definitions: [
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageLineItem" },
      typeCondition: {
        kind: "NamedType",
        name: { kind: "Name", value: "AppSubscriptionLineItem" },
      },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "plan" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "pricingDetails" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "__typename" } },
                      {
                        kind: "InlineFragment",
                        typeCondition: {
                          kind: "NamedType",
                          name: { kind: "Name", value: "AppUsagePricing" },
                        },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "balanceUsed" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "cappedAmount" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            { kind: "Field", name: { kind: "Name", value: "interval" } },
                            { kind: "Field", name: { kind: "Name", value: "terms" } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<UsageLineItemFragment, unknown>;
export const SubscriptionFragmentDoc = {
  kind: "Document",
  definitions: [
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Subscription" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "AppSubscription" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          { kind: "Field", name: { kind: "Name", value: "name" } },
          { kind: "Field", name: { kind: "Name", value: "status" } },
          { kind: "Field", name: { kind: "Name", value: "test" } },
          { kind: "Field", name: { kind: "Name", value: "createdAt" } },
          { kind: "Field", name: { kind: "Name", value: "currentPeriodEnd" } },
          { kind: "Field", name: { kind: "Name", value: "trialDays" } },
          { kind: "Field", name: { kind: "Name", value: "returnUrl" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "lineItems" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                { kind: "FragmentSpread", name: { kind: "Name", value: "UsageLineItem" } },
                {
                  kind: "Field",
                  name: { kind: "Name", value: "plan" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      {
                        kind: "Field",
                        name: { kind: "Name", value: "pricingDetails" },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "InlineFragment",
                              typeCondition: {
                                kind: "NamedType",
                                name: { kind: "Name", value: "AppRecurringPricing" },
                              },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  { kind: "Field", name: { kind: "Name", value: "interval" } },
                                  {
                                    kind: "Field",
                                    name: { kind: "Name", value: "price" },
                                    selectionSet: {
                                      kind: "SelectionSet",
                                      selections: [
                                        {
                                          kind: "FragmentSpread",
                                          name: { kind: "Name", value: "Money" },
                                        },
                                      ],
                                    },
                                  },
                                  {
                                    kind: "Field",
                                    name: { kind: "Name", value: "discount" },
                                    selectionSet: {
                                      kind: "SelectionSet",
                                      selections: [
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "durationLimitInIntervals" },
                                        },
                                        {
                                          kind: "Field",
                                          name: {
                                            kind: "Name",
                                            value: "remainingDurationInIntervals",
                                          },
                                        },
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "priceAfterDiscount" },
                                          selectionSet: {
                                            kind: "SelectionSet",
                                            selections: [
                                              {
                                                kind: "FragmentSpread",
                                                name: { kind: "Name", value: "Money" },
                                              },
                                            ],
                                          },
                                        },
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "value" },
                                          selectionSet: {
                                            kind: "SelectionSet",
                                            selections: [
                                              {
                                                kind: "Field",
                                                name: { kind: "Name", value: "__typename" },
                                              },
                                              {
                                                kind: "InlineFragment",
                                                typeCondition: {
                                                  kind: "NamedType",
                                                  name: {
                                                    kind: "Name",
                                                    value: "AppSubscriptionDiscountAmount",
                                                  },
                                                },
                                                selectionSet: {
                                                  kind: "SelectionSet",
                                                  selections: [
                                                    {
                                                      kind: "Field",
                                                      name: { kind: "Name", value: "amount" },
                                                      selectionSet: {
                                                        kind: "SelectionSet",
                                                        selections: [
                                                          {
                                                            kind: "FragmentSpread",
                                                            name: { kind: "Name", value: "Money" },
                                                          },
                                                        ],
                                                      },
                                                    },
                                                  ],
                                                },
                                              },
                                              {
                                                kind: "InlineFragment",
                                                typeCondition: {
                                                  kind: "NamedType",
                                                  name: {
                                                    kind: "Name",
                                                    value: "AppSubscriptionDiscountPercentage",
                                                  },
                                                },
                                                selectionSet: {
                                                  kind: "SelectionSet",
                                                  selections: [
                                                    {
                                                      kind: "Field",
                                                      name: { kind: "Name", value: "percentage" },
                                                    },
                                                  ],
                                                },
                                              },
                                            ],
                                          },
                                        },
                                      ],
                                    },
                                  },
                                ],
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageLineItem" },
      typeCondition: {
        kind: "NamedType",
        name: { kind: "Name", value: "AppSubscriptionLineItem" },
      },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "plan" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "pricingDetails" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "__typename" } },
                      {
                        kind: "InlineFragment",
                        typeCondition: {
                          kind: "NamedType",
                          name: { kind: "Name", value: "AppUsagePricing" },
                        },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "balanceUsed" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "cappedAmount" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            { kind: "Field", name: { kind: "Name", value: "interval" } },
                            { kind: "Field", name: { kind: "Name", value: "terms" } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<SubscriptionFragment, unknown>;
export const UsageRecordFragmentDoc = {
  kind: "Document",
  definitions: [
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageRecord" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "AppUsageRecord" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          { kind: "Field", name: { kind: "Name", value: "createdAt" } },
          { kind: "Field", name: { kind: "Name", value: "description" } },
          { kind: "Field", name: { kind: "Name", value: "idempotencyKey" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "price" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [{ kind: "FragmentSpread", name: { kind: "Name", value: "Money" } }],
            },
          },
          {
            kind: "Field",
            name: { kind: "Name", value: "subscriptionLineItem" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                { kind: "FragmentSpread", name: { kind: "Name", value: "UsageLineItem" } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageLineItem" },
      typeCondition: {
        kind: "NamedType",
        name: { kind: "Name", value: "AppSubscriptionLineItem" },
      },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "plan" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "pricingDetails" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "__typename" } },
                      {
                        kind: "InlineFragment",
                        typeCondition: {
                          kind: "NamedType",
                          name: { kind: "Name", value: "AppUsagePricing" },
                        },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "balanceUsed" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "cappedAmount" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            { kind: "Field", name: { kind: "Name", value: "interval" } },
                            { kind: "Field", name: { kind: "Name", value: "terms" } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<UsageRecordFragment, unknown>;
export const BillingOverviewDocument = {
  kind: "Document",
  definitions: [
    {
      kind: "OperationDefinition",
      operation: "query",
      name: { kind: "Name", value: "BillingOverview" },
      variableDefinitions: [
        {
          kind: "VariableDefinition",
          variable: { kind: "Variable", name: { kind: "Name", value: "purchases" } },
          type: {
            kind: "NonNullType",
            type: { kind: "NamedType", name: { kind: "Name", value: "Int" } },
          },
        },
      ],
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          {
            kind: "Field",
            name: { kind: "Name", value: "currentAppInstallation" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "activeSubscriptions" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "name" } },
                      {
                        kind: "Field",
                        name: { kind: "Name", value: "lineItems" },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "FragmentSpread",
                              name: { kind: "Name", value: "UsageLineItem" },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
                {
                  kind: "Field",
                  name: { kind: "Name", value: "oneTimePurchases" },
                  arguments: [
                    {
                      kind: "Argument",
                      name: { kind: "Name", value: "first" },
                      value: { kind: "Variable", name: { kind: "Name", value: "purchases" } },
                    },
                  ],
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      {
                        kind: "Field",
                        name: { kind: "Name", value: "nodes" },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            { kind: "Field", name: { kind: "Name", value: "name" } },
                            { kind: "Field", name: { kind: "Name", value: "status" } },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "price" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageLineItem" },
      typeCondition: {
        kind: "NamedType",
        name: { kind: "Name", value: "AppSubscriptionLineItem" },
      },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "plan" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "pricingDetails" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "__typename" } },
                      {
                        kind: "InlineFragment",
                        typeCondition: {
                          kind: "NamedType",
                          name: { kind: "Name", value: "AppUsagePricing" },
                        },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "balanceUsed" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "cappedAmount" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            { kind: "Field", name: { kind: "Name", value: "interval" } },
                            { kind: "Field", name: { kind: "Name", value: "terms" } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<BillingOverviewQuery, BillingOverviewQueryVariables>;
export const ExtendTrialDocument = {
  kind: "Document",
  definitions: [
    {
      kind: "OperationDefinition",
      operation: "mutation",
      name: { kind: "Name", value: "ExtendTrial" },
      variableDefinitions: [
        {
          kind: "VariableDefinition",
          variable: { kind: "Variable", name: { kind: "Name", value: "id" } },
          type: {
            kind: "NonNullType",
            type: { kind: "NamedType", name: { kind: "Name", value: "ID" } },
          },
        },
        {
          kind: "VariableDefinition",
          variable: { kind: "Variable", name: { kind: "Name", value: "days" } },
          type: {
            kind: "NonNullType",
            type: { kind: "NamedType", name: { kind: "Name", value: "Int" } },
          },
        },
      ],
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          {
            kind: "Field",
            name: { kind: "Name", value: "appSubscriptionTrialExtend" },
            arguments: [
              {
                kind: "Argument",
                name: { kind: "Name", value: "id" },
                value: { kind: "Variable", name: { kind: "Name", value: "id" } },
              },
              {
                kind: "Argument",
                name: { kind: "Name", value: "days" },
                value: { kind: "Variable", name: { kind: "Name", value: "days" } },
              },
            ],
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "appSubscription" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "FragmentSpread", name: { kind: "Name", value: "Subscription" } },
                    ],
                  },
                },
                {
                  kind: "Field",
                  name: { kind: "Name", value: "userErrors" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "field" } },
                      { kind: "Field", name: { kind: "Name", value: "message" } },
                      { kind: "Field", name: { kind: "Name", value: "code" } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Money" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "MoneyV2" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "amount" } },
          { kind: "Field", name: { kind: "Name", value: "currencyCode" } },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "Subscription" },
      typeCondition: { kind: "NamedType", name: { kind: "Name", value: "AppSubscription" } },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          { kind: "Field", name: { kind: "Name", value: "name" } },
          { kind: "Field", name: { kind: "Name", value: "status" } },
          { kind: "Field", name: { kind: "Name", value: "test" } },
          { kind: "Field", name: { kind: "Name", value: "createdAt" } },
          { kind: "Field", name: { kind: "Name", value: "currentPeriodEnd" } },
          { kind: "Field", name: { kind: "Name", value: "trialDays" } },
          { kind: "Field", name: { kind: "Name", value: "returnUrl" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "lineItems" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                { kind: "FragmentSpread", name: { kind: "Name", value: "UsageLineItem" } },
                {
                  kind: "Field",
                  name: { kind: "Name", value: "plan" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      {
                        kind: "Field",
                        name: { kind: "Name", value: "pricingDetails" },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "InlineFragment",
                              typeCondition: {
                                kind: "NamedType",
                                name: { kind: "Name", value: "AppRecurringPricing" },
                              },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  { kind: "Field", name: { kind: "Name", value: "interval" } },
                                  {
                                    kind: "Field",
                                    name: { kind: "Name", value: "price" },
                                    selectionSet: {
                                      kind: "SelectionSet",
                                      selections: [
                                        {
                                          kind: "FragmentSpread",
                                          name: { kind: "Name", value: "Money" },
                                        },
                                      ],
                                    },
                                  },
                                  {
                                    kind: "Field",
                                    name: { kind: "Name", value: "discount" },
                                    selectionSet: {
                                      kind: "SelectionSet",
                                      selections: [
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "durationLimitInIntervals" },
                                        },
                                        {
                                          kind: "Field",
                                          name: {
                                            kind: "Name",
                                            value: "remainingDurationInIntervals",
                                          },
                                        },
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "priceAfterDiscount" },
                                          selectionSet: {
                                            kind: "SelectionSet",
                                            selections: [
                                              {
                                                kind: "FragmentSpread",
                                                name: { kind: "Name", value: "Money" },
                                              },
                                            ],
                                          },
                                        },
                                        {
                                          kind: "Field",
                                          name: { kind: "Name", value: "value" },
                                          selectionSet: {
                                            kind: "SelectionSet",
                                            selections: [
                                              {
                                                kind: "Field",
                                                name: { kind: "Name", value: "__typename" },
                                              },
                                              {
                                                kind: "InlineFragment",
                                                typeCondition: {
                                                  kind: "NamedType",
                                                  name: {
                                                    kind: "Name",
                                                    value: "AppSubscriptionDiscountAmount",
                                                  },
                                                },
                                                selectionSet: {
                                                  kind: "SelectionSet",
                                                  selections: [
                                                    {
                                                      kind: "Field",
                                                      name: { kind: "Name", value: "amount" },
                                                      selectionSet: {
                                                        kind: "SelectionSet",
                                                        selections: [
                                                          {
                                                            kind: "FragmentSpread",
                                                            name: { kind: "Name", value: "Money" },
                                                          },
                                                        ],
                                                      },
                                                    },
                                                  ],
                                                },
                                              },
                                              {
                                                kind: "InlineFragment",
                                                typeCondition: {
                                                  kind: "NamedType",
                                                  name: {
                                                    kind: "Name",
                                                    value: "AppSubscriptionDiscountPercentage",
                                                  },
                                                },
                                                selectionSet: {
                                                  kind: "SelectionSet",
                                                  selections: [
                                                    {
                                                      kind: "Field",
                                                      name: { kind: "Name", value: "percentage" },
                                                    },
                                                  ],
                                                },
                                              },
                                            ],
                                          },
                                        },
                                      ],
                                    },
                                  },
                                ],
                              },
                            },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: "FragmentDefinition",
      name: { kind: "Name", value: "UsageLineItem" },
      typeCondition: {
        kind: "NamedType",
        name: { kind: "Name", value: "AppSubscriptionLineItem" },
      },
      selectionSet: {
        kind: "SelectionSet",
        selections: [
          { kind: "Field", name: { kind: "Name", value: "id" } },
          {
            kind: "Field",
            name: { kind: "Name", value: "plan" },
            selectionSet: {
              kind: "SelectionSet",
              selections: [
                {
                  kind: "Field",
                  name: { kind: "Name", value: "pricingDetails" },
                  selectionSet: {
                    kind: "SelectionSet",
                    selections: [
                      { kind: "Field", name: { kind: "Name", value: "__typename" } },
                      {
                        kind: "InlineFragment",
                        typeCondition: {
                          kind: "NamedType",
                          name: { kind: "Name", value: "AppUsagePricing" },
                        },
                        selectionSet: {
                          kind: "SelectionSet",
                          selections: [
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "balanceUsed" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            {
                              kind: "Field",
                              name: { kind: "Name", value: "cappedAmount" },
                              selectionSet: {
                                kind: "SelectionSet",
                                selections: [
                                  {
                                    kind: "FragmentSpread",
                                    name: { kind: "Name", value: "Money" },
                                  },
                                ],
                              },
                            },
                            { kind: "Field", name: { kind: "Name", value: "interval" } },
                            { kind: "Field", name: { kind: "Name", value: "terms" } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<ExtendTrialMutation, ExtendTrialMutationVariables>;
