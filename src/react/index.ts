"use client";

/**
 * React hooks that show a merchant the usage of this period. They only read, and cannot charge.
 *
 * @packageDocumentation
 */
import { ActiveSubscriptionsDocument, UsageRecordsDocument } from "../generated/2026-10/graphql.js";
import type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
import type { Api } from "../versions/2026-10.js";
import { createUsageBillingHooks, type UsageBillingHooks } from "./hooks.js";
import type { Reading } from "./reading.js";
import type { UsageRecordsReadingInput } from "./records-request.js";
import type { UsageBalance } from "./usage-balance.js";
import type { UsageLineItemInput } from "./use-line-item.js";
import type { UsageRecordsReading } from "./use-records.js";

const hooks: UsageBillingHooks<Api> = /* @__PURE__ */ createUsageBillingHooks<Api>({
  ActiveSubscriptionsDocument,
  UsageRecordsDocument,
});

/**
 * Reads this period's usage and the cap that the merchant agreed to.
 *
 * @remarks
 * Amounts are exact decimal strings with their currency. Components that read the same thing share
 * one request.
 *
 * @example
 * ```tsx
 * function Meter() {
 *   const { status, data } = useUsageBalance();
 *   if (status !== "ready") return null;
 *   return <meter value={data.percentUsed} max={100} />;
 * }
 * ```
 */
export function useUsageBalance(input?: UsageLineItemInput): Reading<UsageBalance<Api>> {
  return hooks.useUsageBalance(input);
}

/**
 * Reads the line item that usage is charged to, with its subscription, terms and balance.
 *
 * @example
 * ```tsx
 * function Terms() {
 *   const { data } = useUsageLineItem();
 *   return data && <p>{data.subscription.name}: {data.terms}</p>;
 * }
 * ```
 */
export function useUsageLineItem(input?: UsageLineItemInput): Reading<ActiveUsageLineItem<Api>> {
  return hooks.useUsageLineItem(input);
}

/**
 * Reads the usage records of the active usage line item, or of another subscription, page by page.
 *
 * @remarks
 * `refresh` reads all loaded pages again. If the next page cannot be read, the loaded pages stay,
 * and `loadMore` tries again.
 *
 * @example
 * ```tsx
 * function Records() {
 *   const { data, hasMore, loadMore, loadingMore } = useUsageRecords({ reverse: true });
 *   return (
 *     <>
 *       <ul>{data?.map((record) => <li key={record.id}>{record.description}</li>)}</ul>
 *       {hasMore && <button onClick={loadMore} disabled={loadingMore}>Load more</button>}
 *     </>
 *   );
 * }
 * ```
 */
export function useUsageRecords(
  input?: UsageRecordsReadingInput<Api["UsageRecordSortKey"]>,
): UsageRecordsReading<Api["UsageRecord"]> {
  return hooks.useUsageRecords(input);
}

export { createUsageBillingHooks, type UsageBillingHooks } from "./hooks.js";
export { UsageBillingProvider, type UsageBillingProviderProps } from "./provider.js";
export { createReadingClient, type ReadingClientOptions } from "./reading-client.js";
export type { CapLevel } from "./cap-level.js";
export type { ReadDocuments } from "./read-documents.js";
export type { ReadError } from "./read-error.js";
export type {
  Reading,
  ReadingFailed,
  ReadingLoading,
  ReadingNoPlan,
  ReadingReady,
} from "./reading.js";
export type { UsageBalance } from "./usage-balance.js";
export type { UsageLineItemInput } from "./use-line-item.js";
export type { UsageRecordsReadingInput } from "./records-request.js";
export type { MoreRecords, UsageRecordsReading } from "./use-records.js";
export type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
export type { Money } from "../money.js";
export type { Subscription, UsageRecord } from "../versions/2026-10.js";
