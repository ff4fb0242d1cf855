import type { AdminApi, BillingContext } from "../admin-api.js";
import { query, readAnswer } from "../execute.js";
import { checkBoolean, checkFields, checkInteger, checkText, type CallOptions } from "../input.js";
import { pageOf, subscriptionProblem } from "../shape.js";
import { paginate, type Nodes } from "./pages.js";

/** The order and the page size in which a connection is read. */
export interface PageInput<SortKey extends string = string> {
  /** Whether to read the newest first. @defaultValue false */
  readonly reverse?: boolean | undefined;
  /** @defaultValue `"CREATED_AT"` */
  readonly sortKey?: SortKey | undefined;
  /** Nodes per request, 1 to 250. @defaultValue 250 */
  readonly pageSize?: number | undefined;
}

/** The fields of {@link PageInput}. */
export const PAGE_FIELDS: readonly string[] = ["reverse", "sortKey", "pageSize"];

/** Returns the variables of a page. Shopify's pages hold at most 250 nodes (documented). */
export function checkPageInput<SortKey extends string>({
  reverse,
  sortKey,
  pageSize = 250,
}: PageInput<SortKey>): { first: number; reverse?: boolean; sortKey?: SortKey } {
  checkBoolean("reverse", reverse);
  if (sortKey !== undefined) checkText("sortKey", sortKey, "CREATED_AT");
  return {
    first: checkInteger("pageSize", pageSize, 1, 250),
    ...(reverse !== undefined && { reverse }),
    ...(sortKey !== undefined && { sortKey }),
  };
}

/** Reads all subscriptions of the app in the shop, in every status. */
export function subscriptions<Api extends AdminApi>(
  { transport, documents }: BillingContext<Api>,
  input: PageInput<Api["SubscriptionSortKey"]> = {},
  options: CallOptions = {},
): Nodes<Api["Subscription"]> {
  const variables = checkPageInput(checkFields("input", input, PAGE_FIELDS));
  return paginate(async (after, signal) => {
    const answer = await query(
      transport,
      documents.SubscriptionsDocument,
      { ...variables, after },
      { ...options, signal },
    );
    return readAnswer(answer, ({ currentAppInstallation }) =>
      pageOf<Api["Subscription"]>(
        currentAppInstallation.allSubscriptions,
        "A subscription",
        subscriptionProblem,
      ),
    );
  }, options.signal);
}
