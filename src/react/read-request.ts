import type { UsageBillingClient } from "../client.js";
import {
  ActiveSubscriptionsDocument,
  UsageRecordsDocument,
  type AppUsageRecordSortKeys,
  type UsageRecordsQueryVariables,
} from "../generated/2026-10/graphql.js";
import { checkBoolean, checkId, checkInteger, checkText, type CallOptions } from "../input.js";

/**
 * The part of a client that is used here. The text of the two documents is the same in all API
 * versions.
 */
export type ReadingBilling = Pick<UsageBillingClient, "query">;

/** Runs the package's own document with the requested variables. */
export type ReadRequest = (billing: ReadingBilling, options: CallOptions) => Promise<object>;

/** A read request has a few kilobytes, most of them the text of its document. */
const LARGEST_BODY = 64 * 1024;

const SORT_KEYS: readonly AppUsageRecordSortKeys[] = ["CREATED_AT", "ID"];

type Given = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Given {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function usageRecordsVariables(given: Given): UsageRecordsQueryVariables {
  const { subscriptionId, first, after, reverse, sortKey } = given;
  checkBoolean("reverse", reverse ?? undefined);
  const knownSortKey = SORT_KEYS.find((known) => known === sortKey);
  return {
    subscriptionId: checkId("subscriptionId", subscriptionId, "AppSubscription"),
    first: checkInteger("first", first, 1, 250),
    after: after === null || after === undefined ? null : checkText("after", after, "a cursor"),
    reverse: reverse === true,
    // Left out rather than null, so that Shopify's default applies.
    ...(knownSortKey && { sortKey: knownSortKey }),
  };
}

/**
 * Returns the query that a request's body asks for; `null` if it asks for anything else. The
 * query's text is ignored.
 *
 * @throws InvalidInputError if the variables are invalid
 */
export function readRequestOf(body: string): ReadRequest | null {
  if (body.length > LARGEST_BODY) return null;
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return null;
  }
  const { operationName, variables = {} } = isObject(request) ? request : {};
  if (operationName === "ActiveSubscriptions") {
    return (billing, options) => billing.query(ActiveSubscriptionsDocument, {}, options);
  }
  if (operationName === "UsageRecords" && isObject(variables)) {
    const checked = usageRecordsVariables(variables);
    return (billing, options) => billing.query(UsageRecordsDocument, checked, options);
  }
  return null;
}
