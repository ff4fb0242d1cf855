/** The exports that all API versions' entries share: errors, results, inputs, events. */
export * from "./errors/index.js";
export {
  narrowUserErrors,
  type Narrowed,
  type PayloadOf,
  type PayloadWithUserErrors,
  type UserErrorOf,
} from "./narrow.js";
export { isSameLineItem } from "./gid.js";
export { assertUsageRecordInput } from "./operations/charge.js";
export type { AdminApi } from "./admin-api.js";
export type { UsageBillingClient as UsageBillingClientOf } from "./client.js";
export type { Money } from "./money.js";
export type { CallOptions, MoneyValue } from "./input.js";
export type { UsageBillingClientOptions } from "./options.js";
export type { TypedDocumentNode } from "@graphql-typed-document-node/core";
export type { AnyDocument, DocumentText } from "./document-text.js";
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
export type { RetryOptions } from "./transport/retry-options.js";
export type * from "./transport/events.js";
// Every type that a method's signature mentions has a name here, so that an app can emit
// declarations. If an entry has the same name for its own version, the generic type ends in `Of`.
export type {
  ActiveUsageLineItem as ActiveUsageLineItemOf,
  ActiveUsageLineItemInput,
  BulkInput,
  BulkOptions,
  BulkOutcome as BulkOutcomeOf,
  BulkProblem,
  BulkUsageRecordInput as BulkUsageRecordInputOf,
  CancelSubscriptionInput,
  ConfirmationPayload,
  CreateSubscriptionInput as CreateSubscriptionInputOf,
  CreateUsageRecordInput as CreateUsageRecordInputOf,
  CreateUsageRecordResult as CreateUsageRecordResultOf,
  DiscountInput,
  FindUsageRecordInput,
  InputProblem,
  MutationData,
  MutationPayload,
  Nodes,
  PageInput as PageInputOf,
  StopOn,
  SubscriptionPayload,
  UpdateCappedAmountInput as UpdateCappedAmountInputOf,
  UsageRecordCreated,
  UsageRecordMeta,
  UsageRecordRefused,
  UsageRecordsInput as UsageRecordsInputOf,
} from "./operations/index.js";
