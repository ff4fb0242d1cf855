/**
 * A simulator of Shopify's Admin API for tests, demonstrations and development.
 *
 * @packageDocumentation
 */
export { createAdminSimulator } from "./simulator.js";
export type { AdminSimulator, AdminSimulatorOptions } from "./simulator.js";
export { documentedExamples } from "./documented-examples.js";
export type { DocumentedExamplesOptions } from "./documented-examples.js";
export { FAULT_NAMES } from "./faults/faults.js";
export type {
  Fault,
  FaultDetails,
  FaultName,
  FaultSubject,
  FaultTarget,
  Latency,
  SimulatorFaults,
} from "./faults/faults.js";
export { SimulatorUsageError } from "./usage-error.js";
export type { AppCredit, AppCreditOptions } from "./billing/app-credit.js";
export type { ApprovalKind, OpenApproval } from "./billing/approval.js";
export type { BucketSize, ThrottleStatus } from "./graphql/bucket.js";
export type { CappedAmountMessage, RefreshTokenReuse, Replay } from "./billing/choices.js";
export type { ClockMode, SimulatorClock } from "./platform/clock.js";
export type { EventListener, SimulatorEvents } from "./platform/events.js";
export type { ListenOptions, SimulatorListener } from "./http/listener.js";
export type { Money, MoneyInput } from "./billing/money.js";
export type {
  Discount,
  PricingInterval,
  RecurringPricing,
  UsagePricing,
} from "./billing/pricing.js";
export type { RequestRecord } from "./http/request-log.js";
export type { OfflineToken } from "./tokens/offline-token.js";
export type { Shop } from "./shop.js";
export type {
  Distribution,
  GraphQLOptions,
  ShopOptions,
  ShopPlan,
  ShopStatus,
  UsageRecordSeed,
} from "./shop-options.js";
export type { Agreement, LineItem } from "./billing/line-item.js";
export type { Subscription } from "./billing/subscription.js";
export type { ReplacementBehavior, SubscriptionStatus } from "./billing/subscription-terms.js";
export type { SubscriptionOptions } from "./billing/subscription-options.js";
export type { UsageRecord } from "./billing/usage-record.js";
export { WEBHOOK_TOPICS } from "./webhooks/topic.js";
export type { WebhookTopic } from "./webhooks/topic.js";
export type { Webhook, WebhookAttempt } from "./webhooks/webhook.js";
export { WEBHOOK_FAULT_NAMES } from "./webhooks/webhook-faults.js";
export type { WebhookFault, WebhookFaultName, WebhookFaults } from "./webhooks/webhook-faults.js";
export type {
  WebhookHandler,
  WebhookSubscriptionOptions,
} from "./webhooks/webhook-subscription.js";
