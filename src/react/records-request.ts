import { checkBoolean, checkId } from "../input.js";
import { checkPageInput, type PageInput } from "../operations/subscriptions.js";
import type { UsageLineItemInput } from "./use-line-item.js";

/** Which usage records to read, in which order, and how many per page. */
export interface UsageRecordsReadingInput<SortKey extends string = string>
  extends PageInput<SortKey>, UsageLineItemInput {
  /** A subscription, active or past. If absent, the active one with a usage line item. */
  readonly subscriptionId?: string | undefined;
  /** Records per request, 1 to 250. @defaultValue 50 */
  readonly pageSize?: number | undefined;
}

/**
 * Returns the variables of the first page. The rendering server and the browser must compute the
 * same ones.
 */
export interface FirstPageVariables<SortKey extends string = string> {
  readonly subscriptionId: string;
  readonly first: number;
  readonly after: null;
  readonly reverse?: boolean;
  readonly sortKey?: SortKey;
}

/** Refuses input that Shopify would misunderstand. @throws InvalidInputError */
export function checkRecordsInput(input: UsageRecordsReadingInput): void {
  const { subscriptionId, isTest, ...page } = input;
  if (subscriptionId !== undefined) checkId("subscriptionId", subscriptionId, "AppSubscription");
  checkBoolean("isTest", isTest);
  checkPageInput(page);
}

/** Returns the variables of the first page of a subscription's records. */
export function firstPageVariables<SortKey extends string>(
  subscriptionId: string,
  { reverse, sortKey, pageSize = 50 }: UsageRecordsReadingInput<SortKey>,
): FirstPageVariables<SortKey> {
  return {
    subscriptionId,
    first: pageSize,
    after: null,
    ...(reverse !== undefined && { reverse }),
    ...(sortKey !== undefined && { sortKey }),
  };
}
