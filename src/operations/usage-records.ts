import type {
  AdminApi,
  BillingContext,
  Page,
  UsageRecordShape,
  UsageRecordsData,
} from "../admin-api.js";
import { InvalidInputError } from "../errors/invalid-input-error.js";
import { InvalidResponseError } from "../errors/invalid-response-error.js";
import { NoActiveUsageLineItemError } from "../errors/no-active-usage-line-item-error.js";
import { query, readAnswer } from "../execute.js";
import { isSameLineItem, subscriptionIdOf } from "../gid.js";
import {
  checkBoolean,
  checkDate,
  checkFields,
  checkId,
  checkInteger,
  mustBe,
  type CallOptions,
} from "../input.js";
import { pageOf, usageRecordProblem } from "../shape.js";
import { requireActiveUsageLineItem } from "./active-usage-line-item.js";
import { paginate, type Nodes } from "./pages.js";
import { searchSubscription } from "./subscription.js";
import { checkPageInput, PAGE_FIELDS, type PageInput } from "./subscriptions.js";

/** Which usage records to read: of a line item, of a subscription, or of the active usage line item. */
export interface UsageRecordsInput<SortKey extends string = string> extends PageInput<SortKey> {
  /** The line item, of an active or a past subscription. Excludes `subscriptionId`. */
  readonly subscriptionLineItemId?: string | undefined;
  /** The subscription, active or past, whose usage line item is read. */
  readonly subscriptionId?: string | undefined;
  /** Whether the look-up may find a test subscription, if neither is given. @defaultValue true */
  readonly isTest?: boolean | undefined;
  /**
   * Only records made at or after this time; a Date or ISO 8601. Needs `sortKey` `"CREATED_AT"`.
   *
   * @remarks
   * Shopify has no such filter. The client reads newest first and stops at the first older record.
   * Without `reverse: true`, it buffers all matching records before it returns the first, which is
   * the oldest.
   */
  readonly since?: Date | string | undefined;
  /** The most records to return. */
  readonly limit?: number | undefined;
}

/** A subscription, and which of its line items is read; `null` for its usage line item. */
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
 * Returns the page of a line item's records in a response; `null` if the subscription has no such
 * line item.
 *
 * @param lineItemId - `null` for the subscription's usage line item
 */
export function usageRecordsPageOf<Api extends AdminApi>(
  { node }: UsageRecordsData<Api>,
  lineItemId: string | null,
): Page<Api["UsageRecord"]> | null {
  if (node === null || !("lineItems" in node)) return null;
  const named = node.lineItems.filter(
    ({ id }) => lineItemId === null || isSameLineItem(id, lineItemId),
  );
  // An id without position matches all line items of the subscription; the usage one is meant.
  const usage = named.find(({ plan }) => plan.pricingDetails.__typename === "AppUsagePricing");
  const lineItem = lineItemId === null ? usage : (usage ?? named[0]);
  return lineItem
    ? pageOf<Api["UsageRecord"]>(lineItem.usageRecords, "A usage record", usageRecordProblem)
    : null;
}

/**
 * Reads a page of a line item's records through its subscription; `null` if it has no such line
 * item.
 */
async function readPage<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  { subscriptionId, lineItemId }: Source,
  variables: Variables<Api> & { after: string | null },
  options: CallOptions,
): Promise<Page<Api["UsageRecord"]> | null> {
  const answer = await query(
    transport,
    documents.UsageRecordsDocument,
    { ...variables, subscriptionId },
    options,
  );
  return readAnswer(answer, (data) => usageRecordsPageOf<Api>(data, lineItemId));
}

const FIELDS = [
  "subscriptionLineItemId",
  "subscriptionId",
  "isTest",
  "since",
  "limit",
  ...PAGE_FIELDS,
];

/** Which of a line item's records to return. */
interface Bounds {
  /** Milliseconds since 1970; `null` for all. */
  readonly since: number | null;
  readonly limit: number;
  readonly newestFirst: boolean;
}

function checkBounds({ since, limit, sortKey, reverse = false }: UsageRecordsInput): Bounds {
  if (since !== undefined && sortKey !== undefined && sortKey !== "CREATED_AT") {
    throw mustBe("sortKey", '"CREATED_AT" if since is given', sortKey);
  }
  return {
    since: since === undefined ? null : checkDate("since", since).getTime(),
    limit:
      limit === undefined ? Infinity : checkInteger("limit", limit, 1, Number.MAX_SAFE_INTEGER),
    newestFirst: reverse,
  };
}

/** Returns the records within bounds. With `since`, they arrive newest first. */
function bounded<UsageRecord extends UsageRecordShape>(
  nodes: Nodes<UsageRecord>,
  { since, limit, newestFirst }: Bounds,
): Nodes<UsageRecord> {
  /** Iterates over the pages up to the first record that is too old. */
  async function* recent(): AsyncGenerator<readonly UsageRecord[], void, undefined> {
    for await (const page of nodes.pages()) {
      const end =
        since === null ? -1 : page.findIndex(({ createdAt }) => Date.parse(createdAt) < since);
      if (end !== 0) yield end === -1 ? page : page.slice(0, end);
      if (end !== -1) return;
    }
  }

  /** The same pages, oldest first. */
  async function* turned(): AsyncGenerator<readonly UsageRecord[], void, undefined> {
    const all: (readonly UsageRecord[])[] = [];
    for await (const page of recent()) all.push(page);
    for (const page of all.toReversed()) yield page.toReversed();
  }

  async function* pages(): AsyncGenerator<readonly UsageRecord[], void, undefined> {
    let left = limit;
    for await (const page of since === null || newestFirst ? recent() : turned()) {
      yield page.slice(0, left);
      left -= page.length;
      if (left <= 0) return;
    }
  }

  return {
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page;
    },
  };
}

/** The usage records of a line item, oldest first unless reversed. */
export function usageRecords<Api extends AdminApi>(
  context: BillingContext<Api>,
  input: UsageRecordsInput<Api["UsageRecordSortKey"]> = {},
  options: CallOptions = {},
): Nodes<Api["UsageRecord"]> {
  const given = checkFields("input", input, FIELDS);
  const { subscriptionLineItemId: lineItemId, subscriptionId, isTest } = given;
  const bounds = checkBounds(given);
  const variables: Variables<Api> = checkPageInput(given);
  if (bounds.since !== null) variables.reverse = true;
  // Not larger than the limit: the unused records would cost points.
  if (bounds.since === null || given.reverse) {
    variables.first = Math.min(variables.first, bounds.limit);
  }
  checkBoolean("isTest", isTest);
  if (subscriptionId !== undefined) checkId("subscriptionId", subscriptionId, "AppSubscription");
  if (lineItemId !== undefined) {
    checkId("subscriptionLineItemId", lineItemId, "AppSubscriptionLineItem");
    if (subscriptionId !== undefined) {
      throw new InvalidInputError(
        "subscriptionId",
        "must not be given together with subscriptionLineItemId",
      );
    }
  }

  const findSource = async (call: CallOptions): Promise<Source> => {
    if (subscriptionId !== undefined) return { subscriptionId, lineItemId: null };
    if (lineItemId !== undefined) {
      return { subscriptionId: subscriptionIdOf(lineItemId) ?? "", lineItemId };
    }
    const { id, subscription } = await requireActiveUsageLineItem(context, { isTest }, call);
    return { subscriptionId: subscription.id, lineItemId: id };
  };

  /** Reads the first page, which determines the line item to read. */
  const begin = async (
    call: CallOptions,
  ): Promise<{ source: Source; page: Page<Api["UsageRecord"]> }> => {
    let source = await findSource(call);
    let page = await readPage(context, source, { ...variables, after: null }, call);
    if (!page && lineItemId !== undefined) {
      const found = await searchSubscription(context, lineItemId, call);
      if (found) {
        source = { subscriptionId: found.id, lineItemId };
        page = await readPage(context, source, { ...variables, after: null }, call);
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
  const nodes = paginate(async (after, signal) => {
    const call = { ...options, signal };
    if (after === null || !source) {
      const first = await begin(call);
      ({ source } = first);
      return first.page;
    }
    const page = await readPage(context, source, { ...variables, after }, call);
    if (page) return page;
    throw new InvalidResponseError(
      `${source.subscriptionId} had a usage line item on the previous page, but not on this one`,
    );
  }, options.signal);
  return bounds.since === null && bounds.limit === Infinity ? nodes : bounded(nodes, bounds);
}
