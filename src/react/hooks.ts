"use client";

import type { AdminApi } from "../admin-api.js";
import type { ActiveUsageLineItem } from "../operations/active-usage-line-item.js";
import type { ReadDocuments } from "./read-documents.js";
import type { Reading } from "./reading.js";
import type { UsageRecordsReadingInput } from "./records-request.js";
import { usageBalanceOf, type UsageBalance } from "./usage-balance.js";
import { useLineItem, type UsageLineItemInput } from "./use-line-item.js";
import { useRecords, type UsageRecordsReading } from "./use-records.js";

/** The hooks of one API version. */
export interface UsageBillingHooks<Api extends AdminApi> {
  /** Reads this period's usage and the cap that the merchant agreed to. */
  readonly useUsageBalance: (input?: UsageLineItemInput) => Reading<UsageBalance<Api>>;
  /** Reads the line item that usage is charged to, with its subscription. */
  readonly useUsageLineItem: (input?: UsageLineItemInput) => Reading<ActiveUsageLineItem<Api>>;
  /** Reads the usage records, page by page. */
  readonly useUsageRecords: (
    input?: UsageRecordsReadingInput<Api["UsageRecordSortKey"]>,
  ) => UsageRecordsReading<Api["UsageRecord"]>;
}

function asItIs<T>(value: T): T {
  return value;
}

/**
 * Makes the hooks for an API version other than the default.
 *
 * @remarks
 * Give the provider the same version. Only these two documents are imported, so a bundler leaves
 * out the version's mutations.
 *
 * @example
 * ```tsx
 * import { createUsageBillingHooks } from "shopify-usage-billing/react";
 * import {
 *   ActiveSubscriptionsDocument,
 *   UsageRecordsDocument,
 *   type Api,
 * } from "shopify-usage-billing/2026-10";
 *
 * export const { useUsageBalance, useUsageRecords } = createUsageBillingHooks<Api>({
 *   ActiveSubscriptionsDocument,
 *   UsageRecordsDocument,
 * });
 * ```
 */
export function createUsageBillingHooks<Api extends AdminApi>(
  documents: ReadDocuments<Api>,
): UsageBillingHooks<Api> {
  return {
    useUsageBalance: (input = {}) => useLineItem(documents, input, usageBalanceOf<Api>),
    useUsageLineItem: (input = {}) =>
      useLineItem(documents, input, asItIs<ActiveUsageLineItem<Api>>),
    useUsageRecords: (input = {}) => useRecords(documents, input),
  };
}
