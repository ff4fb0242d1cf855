import type { AdminApi, BillingContext, Page, UsageRecordsData } from "../admin-api.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import { query, readAnswer } from "../execute.js";
import { isSameLineItem, subscriptionIdOf } from "../gid.js";
import { checkBoolean, checkId, type CallOptions } from "../input.js";
import { pageOf, usageRecordProblem } from "../shape.js";
import { requireActiveUsageLineItem } from "./active-usage-line-item.js";
import { paginate, type Nodes } from "./pages.js";
import { searchSubscription } from "./subscription.js";
import { checkPageInput, type PageInput } from "./subscriptions.js";

/** Which usage records to read: of a line item, of a subscription, or of the active usage line item. */
export interface UsageRecordsInput<SortKey extends string = string> extends PageInput<SortKey> {
  /** The line item, of an active or a past subscription. Excludes `subscriptionId`. */
  readonly subscriptionLineItemId?: string | undefined;
  /** The subscription, active or past, whose usage line item is read. */
  readonly subscriptionId?: string | undefined;
  /** Are test subscriptions eligible where neither is given? @defaultValue true */
  readonly isTest?: boolean | undefined;
}

/** A subscription, and the line item of it that is read; null for its usage line item. */
interface Source {
  readonly subscriptionId: string;
  readonly lineItemId: string | null;
}

type Variables<Api extends AdminApi> = {
  first: number;
  reverse?: boolean;
  sortKey?: Api["UsageRecordSortKey"];
};

/**
 * The page of a line item's records in an answer; null where the subscription has no such line item.
 *
 * @param lineItemId - null for the subscription's usage line item
 */
export function usageRecordsPageOf<Api extends AdminApi>(
  { node }: UsageRecordsData<Api>,
  lineItemId: string | null,
): Page<Api["UsageRecord"]> | null {
  if (node === null || !("lineItems" in node)) return null;
  const named = node.lineItems.filter(
    ({ id }) => lineItemId === null || isSameLineItem(id, lineItemId),
  );
  // An id without position names all of the subscription's: the usage line item is meant.
  const usage = named.find(({ plan }) => plan.pricingDetails.__typename === "AppUsagePricing");
  const lineItem = lineItemId === null ? usage : (usage ?? named[0]);
  return lineItem
    ? pageOf<Api["UsageRecord"]>(lineItem.usageRecords, "A usage record", usageRecordProblem)
    : null;
}

/** One page of a line item's records, read through its subscription; null where the subscription has no such line item. */
async function readPage<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  { subscriptionId, lineItemId }: Source,
  variables: Variables<Api> & { after: string | null },
  signal: AbortSignal,
): Promise<Page<Api["UsageRecord"]> | null> {
  const answer = await query(
    transport,
    documents.UsageRecordsDocument,
    { ...variables, subscriptionId },
    { signal },
  );
  return readAnswer(answer, (data) => usageRecordsPageOf<Api>(data, lineItemId));
}

/** The usage records of a line item, oldest first unless reversed. */
export function usageRecords<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: UsageRecordsInput<Api["UsageRecordSortKey"]> = {},
  options: CallOptions = {},
): Nodes<Api["UsageRecord"]> {
  const variables: Variables<Api> = checkPageInput(input, [
    "subscriptionLineItemId",
    "subscriptionId",
    "isTest",
  ]);
  const { subscriptionLineItemId: lineItemId, subscriptionId, isTest } = input;
  checkBoolean("isTest", isTest);
  if (subscriptionId !== undefined) checkId("subscriptionId", subscriptionId, "AppSubscription");
  if (lineItemId !== undefined) {
    checkId("subscriptionLineItemId", lineItemId, "AppSubscriptionLineItem");
    if (subscriptionId !== undefined) {
      throw new InvalidInputError(
        "subscriptionId",
        "is given beside subscriptionLineItemId",
        "give one of the two",
      );
    }
  }

  const findSource = async (signal: AbortSignal): Promise<Source> => {
    if (subscriptionId !== undefined) return { subscriptionId, lineItemId: null };
    if (lineItemId !== undefined) {
      return { subscriptionId: subscriptionIdOf(lineItemId) ?? "", lineItemId };
    }
    const { id, subscription } = await requireActiveUsageLineItem(context, { isTest }, { signal });
    return { subscriptionId: subscription.id, lineItemId: id };
  };

  /** The first page, which settles what is read. */
  const begin = async (
    signal: AbortSignal,
  ): Promise<{ source: Source; page: Page<Api["UsageRecord"]> }> => {
    let source = await findSource(signal);
    let page = await readPage(context, source, { ...variables, after: null }, signal);
    if (!page && lineItemId !== undefined) {
      const found = await searchSubscription(context, lineItemId, { signal });
      if (found) {
        source = { subscriptionId: found.id, lineItemId };
        page = await readPage(context, source, { ...variables, after: null }, signal);
      }
    }
    if (page) return { source, page };
    throw new NoActiveUsageLineItemError(
      lineItemId === undefined
        ? `The shop has no subscription ${source.subscriptionId} with a usage line item`
        : `The shop has no line item ${lineItemId}`,
    );
  };

  let source: Source | null = null;
  return paginate(async (after, signal) => {
    if (after === null || !source) {
      const first = await begin(signal);
      ({ source } = first);
      return first.page;
    }
    const page = await readPage(context, source, { ...variables, after }, signal);
    if (page) return page;
    throw new InvalidResponseError(
      `${source.subscriptionId} had a usage line item on the page before, but has none any more`,
    );
  }, options.signal);
}
