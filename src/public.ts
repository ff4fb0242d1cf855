/** What every API version's entry exports alike: errors, results, inputs, events. */
export * from "./errors/index.js";
export { narrowUserErrors, type Narrowed } from "./narrow.js";
export { isSameLineItem } from "./gid.js";
export { assertUsageRecordInput } from "./operations/charge.js";
export type { AdminApi } from "./admin-api.js";
export type { UsageBillingClient as UsageBillingClientOf } from "./client.js";
export type { Money } from "./money.js";
export type { CallOptions, MoneyValue } from "./input.js";
export type { UsageBillingClientOptions } from "./options.js";
export type { TypedDocumentNode } from "./typed-document-node.js";
export type { UrqlClient } from "./transport/urql-client.js";
export type { Meta, MutationResult, NonEmptyArray, Refusal, Success, Warning } from "./result.js";
export type {
  SubscriptionUserError,
  SubscriptionUserErrorCode,
  UserError,
  UsageRecordUserError,
  UsageRecordUserErrorCode,
} from "./user-error.js";
export type { QueryCost, ThrottleStatus } from "./transport/cost.js";
export type { AccessToken } from "./transport/access-token.js";
export type { RetryOptions } from "./transport/retrying.js";
export type * from "./transport/events.js";
export type {
  ActiveUsageLineItemInput,
  BulkOptions,
  CancelSubscriptionInput,
  ConfirmationPayload,
  DiscountInput,
  FindUsageRecordInput,
  Nodes,
  StopOn,
  SubscriptionPayload,
  UsageRecordCreated,
  UsageRecordMeta,
  UsageRecordRefused,
} from "./operations/index.js";
