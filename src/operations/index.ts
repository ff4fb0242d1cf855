/**
 * The inputs and results of the operations, which each API version's entry exports with its own
 * types.
 */
export type { ActiveUsageLineItem, ActiveUsageLineItemInput } from "./active-usage-line-item.js";
export type { CreateUsageRecordInput } from "./charge.js";
export type {
  CreateUsageRecordResult,
  UsageRecordCreated,
  UsageRecordMeta,
  UsageRecordRefused,
} from "./create-usage-record.js";
export type {
  BulkInput,
  BulkOptions,
  BulkOutcome,
  BulkProblem,
  BulkUsageRecordInput,
  InputProblem,
  StopOn,
} from "./create-usage-records.js";
export type {
  CancelSubscriptionInput,
  ConfirmationPayload,
  CreateSubscriptionInput,
  DiscountInput,
  SubscriptionPayload,
  UpdateCappedAmountInput,
} from "./manage-subscription.js";
export type { MutationData, MutationPayload } from "./mutate.js";
export type { Nodes } from "./pages.js";
export type { PageInput } from "./subscriptions.js";
export type { FindUsageRecordInput } from "./usage-record.js";
export type { UsageRecordsInput } from "./usage-records.js";
