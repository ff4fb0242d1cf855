/**
 * A simulator of Shopify's Admin API for tests, demonstrations and development.
 *
 * @packageDocumentation
 */
export { createAdminSimulator } from "./simulator.js";
export type { AdminSimulator, AdminSimulatorOptions } from "./simulator.js";
export { documentedExamples } from "./documented-examples.js";
export type { DocumentedExamplesOptions } from "./documented-examples.js";
export { FAULT_NAMES } from "./faults.js";
export type {
  Fault,
  FaultDetails,
  FaultName,
  FaultSubject,
  FaultTarget,
  Latency,
  SimulatorFaults,
} from "./faults.js";
export { SimulatorUsageError } from "./usage-error.js";
export type { ApprovalKind, OpenApproval } from "./approval.js";
export type { BucketSize, ThrottleStatus } from "./bucket.js";
export type { CappedAmountMessage } from "./charge.js";
export type { ClockMode, SimulatorClock } from "./clock.js";
export type { EventListener, SimulatorEvents } from "./events.js";
export type { Replay } from "./idempotency.js";
export type { ListenOptions, SimulatorListener } from "./listener.js";
export type { Money, MoneyInput } from "./money.js";
export type { Discount, PricingInterval, RecurringPricing, UsagePricing } from "./pricing.js";
export type { RequestRecord } from "./request-log.js";
export type { Shop } from "./shop.js";
export type {
  Distribution,
  GraphQLOptions,
  ShopOptions,
  ShopPlan,
  ShopStatus,
  UsageRecordSeed,
} from "./shop-options.js";
export type {
  LineItem,
  ReplacementBehavior,
  Subscription,
  SubscriptionStatus,
} from "./subscription.js";
export type { SubscriptionOptions } from "./subscription-options.js";
export type { UsageRecord } from "./usage-record.js";
