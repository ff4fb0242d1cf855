/** What every API version's entry exports alike: errors, results, inputs, events. */
export * from "./errors/index.js";
export { narrowUserErrors, type Narrowed } from "./narrow.js";
export type { Money } from "./money.js";
export type { CallOptions, MoneyValue } from "./input.js";
export type { UsageBillingClientOptions } from "./options.js";
export type { Meta, MutationResult, NonEmptyArray, Refusal, Success, Warning } from "./result.js";
export type { UserError, UsageRecordUserError, UsageRecordUserErrorCode } from "./user-error.js";
export type { QueryCost, ThrottleStatus } from "./transport/cost.js";
export type { AccessToken } from "./transport/fetch-exchange.js";
export type { RetryOptions } from "./transport/retry-exchange.js";
export type * from "./transport/events.js";
export type {
  CreateUsageRecordInput,
  CreateUsageRecordResult,
  UsageRecordCreated,
  UsageRecordMeta,
  UsageRecordRefused,
} from "./operations/create-usage-record.js";
export type {
  BulkOptions,
  BulkOutcome,
  BulkUsageRecordInput,
} from "./operations/create-usage-records.js";
export type {
  ActiveUsageLineItem,
  ActiveUsageLineItemInput,
} from "./operations/active-usage-line-item.js";
export type { FindUsageRecordInput } from "./operations/usage-record.js";
export type { UsageRecordsInput } from "./operations/usage-records.js";
export type { PageInput } from "./operations/subscriptions.js";
export type { Nodes } from "./operations/pages.js";
export type {
  CancelSubscriptionInput,
  ConfirmationPayload,
  CreateSubscriptionInput,
  DiscountInput,
  SubscriptionPayload,
  UpdateCappedAmountInput,
} from "./operations/manage-subscription.js";
