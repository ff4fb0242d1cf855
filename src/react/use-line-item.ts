"use client";

import { useCallback } from "react";
import type { AdminApi } from "../admin-api.js";
import {
  activeUsageLineItemOf,
  type ActiveUsageLineItem,
} from "../operations/active-usage-line-item.js";
import { isSubscription } from "../shape.js";
import type { ReadDocuments } from "./read-documents.js";
import type { Reading } from "./reading.js";
import { useReading } from "./use-reading.js";

/** Which subscriptions count as active. */
export interface UsageLineItemInput {
  /**
   * Whether test subscriptions, whose charges are never billed, are eligible.
   *
   * @defaultValue true
   */
  readonly isTest?: boolean | undefined;
}

const NO_VARIABLES: Record<string, never> = {};

/** Reads the active usage line item, and returns what `view` makes of it. */
export function useLineItem<Api extends AdminApi, View>(
  { ActiveSubscriptionsDocument: document }: ReadDocuments<Api>,
  { isTest = true }: UsageLineItemInput,
  view: (lineItem: ActiveUsageLineItem<Api>) => View,
  pause?: boolean,
): Reading<View> {
  const read = useCallback(
    ({
      currentAppInstallation,
    }: {
      readonly currentAppInstallation: {
        readonly activeSubscriptions: readonly Api["Subscription"][];
      };
    }): View | null => {
      const { activeSubscriptions } = currentAppInstallation;
      if (!activeSubscriptions.every(isSubscription))
        throw new TypeError("A subscription is malformed");
      const lineItem = activeUsageLineItemOf<Api>(activeSubscriptions, isTest);
      return lineItem && view(lineItem);
    },
    [isTest, view],
  );
  return useReading({ document, variables: NO_VARIABLES, read, ...(pause && { pause }) });
}
