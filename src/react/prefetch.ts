import { createRequest, type SSRData } from "@urql/core";
import { UsageBillingError } from "../errors/usage-billing-error.js";
import { ActiveSubscriptionsDocument, UsageRecordsDocument } from "../generated/2026-10/graphql.js";
import type { CallOptions } from "../input.js";
import { activeUsageLineItemOf } from "../operations/active-usage-line-item.js";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { Api } from "../versions/2026-10.js";
import type { ReadingBilling } from "./read-request.js";
import {
  checkRecordsInput,
  firstPageVariables,
  type UsageRecordsReadingInput,
} from "./records-request.js";

/** What to read for the first render. */
export interface PrefetchInput {
  /** Whether test subscriptions are eligible, as in the hooks. @defaultValue true */
  readonly isTest?: boolean | undefined;
  /**
   * The input of the page's `useUsageRecords`, to read its first page. If absent, no records are
   * read.
   */
  readonly records?: UsageRecordsReadingInput<Api["UsageRecordSortKey"]> | undefined;
}

/**
 * Reads on the server what the hooks need first, so that the page is rendered with it.
 *
 * @remarks
 * Pass the result to the provider as `initialState`. The hooks start with it, both on the server
 * and in the browser, and read again once it is some seconds old. It contains no access token. If
 * something cannot be read, it is left out and the browser reads it, so that a failed request to
 * Shopify does not stop the page from rendering.
 *
 * @param billing - the client of the merchant's shop
 * @throws InvalidInputError if `records` is invalid
 *
 * @example
 * ```ts
 * import { prefetchUsage } from "shopify-usage-billing/react/server";
 *
 * export async function loader({ request }: { request: Request }) {
 *   const { session } = await authenticate.admin(request);
 *   const billing = createUsageBillingClient(fromSession(session));
 *   return { usage: await prefetchUsage(billing, { records: { reverse: true } }) };
 * }
 * ```
 */
export async function prefetchUsage(
  billing: ReadingBilling,
  { isTest = true, records }: PrefetchInput = {},
  options: CallOptions = {},
): Promise<SSRData> {
  const state: SSRData = {};
  const read = async <Data, Variables extends Readonly<Record<string, unknown>>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> => {
    const data = await billing.query(document, variables, options);
    state[createRequest(document, variables).key] = { data: JSON.stringify(data) };
    return data;
  };
  if (records) checkRecordsInput(records);
  try {
    const { currentAppInstallation } = await read(ActiveSubscriptionsDocument, {});
    if (!records) return state;
    const { activeSubscriptions } = currentAppInstallation;
    const lineItem = activeUsageLineItemOf<Api>(activeSubscriptions, records.isTest ?? isTest);
    const subscriptionId = records.subscriptionId ?? lineItem?.subscription.id;
    if (subscriptionId !== undefined) {
      await read(UsageRecordsDocument, firstPageVariables(subscriptionId, records));
    }
  } catch (error) {
    if (!(error instanceof UsageBillingError)) throw error;
  }
  return state;
}
