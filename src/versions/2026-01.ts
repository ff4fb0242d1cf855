// Generated from src/versions/2025-01.ts by `npm run generate`, never edited: change that file.

import type { AdminApi } from "../admin-api.js";
import { createClient, type UsageBillingClient as Client } from "../client.js";
import * as documents from "../generated/2026-01/graphql.js";
import type * as graphql from "../generated/2026-01/graphql.js";
import type * as operations from "../operations/index.js";
import type { UsageBillingClientOptions } from "../options.js";

/** The types of Admin API 2026-01, as the client takes and gives them. */
export interface Api extends AdminApi {
  CurrencyCode: graphql.CurrencyCode;
  UsageRecord: graphql.UsageRecordFragment;
  LeanUsageRecord: graphql.LeanUsageRecordFragment;
  Subscription: graphql.SubscriptionFragment;
  UsageRecordSortKey: graphql.AppUsageRecordSortKeys;
  SubscriptionSortKey: graphql.AppSubscriptionSortKeys;
  ReplacementBehavior: graphql.AppSubscriptionReplacementBehavior;
  PricingInterval: graphql.AppPricingInterval;
}

/** Usage billing for one shop, by Admin API 2026-01. */
export interface UsageBillingClient extends Client<Api> {}

/** A usage record of Admin API 2026-01. */
export type UsageRecord = graphql.UsageRecordFragment;

/** A usage record of Admin API 2026-01 without its plan, as a bulk run gives it. */
export type LeanUsageRecord = graphql.LeanUsageRecordFragment;

/** A subscription of Admin API 2026-01, with its line items. */
export type Subscription = graphql.SubscriptionFragment;

/** The line item that usage is charged to, with its balance, of Admin API 2026-01. */
export type ActiveUsageLineItem = operations.ActiveUsageLineItem<Api>;

/** A charge for usage, in a currency of Admin API 2026-01. */
export type CreateUsageRecordInput = operations.CreateUsageRecordInput<graphql.CurrencyCode>;

/** What Shopify answered to a charge, by Admin API 2026-01. */
export type CreateUsageRecordResult = operations.CreateUsageRecordResult<UsageRecord>;

/** A charge of a bulk run, in a currency of Admin API 2026-01. */
export type BulkUsageRecordInput = operations.BulkUsageRecordInput<graphql.CurrencyCode>;

/** What became of one charge of a bulk run, by Admin API 2026-01. */
export type BulkOutcome<Input = BulkUsageRecordInput> = operations.BulkOutcome<
  Input,
  LeanUsageRecord
>;

/** Which usage records to read, by Admin API 2026-01. */
export type UsageRecordsInput = operations.UsageRecordsInput<graphql.AppUsageRecordSortKeys>;

/** In which order to read subscriptions, by Admin API 2026-01. */
export type SubscriptionsInput = operations.PageInput<graphql.AppSubscriptionSortKeys>;

/** A subscription to propose, by Admin API 2026-01. */
export type CreateSubscriptionInput = operations.CreateSubscriptionInput<Api>;

/** A higher cap to propose, in a currency of Admin API 2026-01. */
export type UpdateCappedAmountInput = operations.UpdateCappedAmountInput<graphql.CurrencyCode>;

/**
 * Makes a client that charges one shop's merchant for usage, by Admin API 2026-01.
 *
 * @remarks
 * Nothing is sent before the first call.
 *
 * @throws InvalidInputError where an option is unknown, missing or wrong
 *
 * @example
 * ```ts
 * const billing = createUsageBillingClient({ shop: "example.myshopify.com", accessToken });
 * ```
 */
export function createUsageBillingClient(options: UsageBillingClientOptions): UsageBillingClient {
  return createClient<Api>("2026-01", documents, options);
}

export * from "../generated/2026-01/graphql.js";
export * from "../public.js";
