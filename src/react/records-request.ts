import { checkBoolean, checkId } from "../input.js";
import { checkPageInput, type PageInput } from "../operations/subscriptions.js";
import type { UsageLineItemInput } from "./use-line-item.js";

/** Which usage records to read, in which order and in how large pages. */
export interface UsageRecordsReadingInput<SortKey extends string = string>
  extends PageInput<SortKey>, UsageLineItemInput {
  /** A subscription, active or past; absent: the active one with a usage line item. */
  readonly subscriptionId?: string | undefined;
  /** Records per request, 1 to 250. @defaultValue 50 */
  readonly pageSize?: number | undefined;
}

/** The variables of a first page. The server that renders and the browser must come to the same. */
export interface FirstPageVariables<SortKey extends string = string> {
  readonly subscriptionId: string;
  readonly first: number;
  readonly after: null;
  readonly reverse?: boolean;
  readonly sortKey?: SortKey;
}

/** Refuses input that Shopify could only misunderstand. @throws InvalidInputError */
export function checkRecordsInput(input: UsageRecordsReadingInput): void {
  const { subscriptionId, isTest, ...page } = input;
  if (subscriptionId !== undefined) checkId("subscriptionId", subscriptionId, "AppSubscription");
  checkBoolean("isTest", isTest);
  checkPageInput(page);
}

/** The first page of a subscription's records. */
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
