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

/** What the page shows first. */
export interface PrefetchInput {
  /** Are test subscriptions eligible? As in the hooks. @defaultValue true */
  readonly isTest?: boolean | undefined;
  /** The input of the page's `useUsageRecords`, for its first page; absent: no records. */
  readonly records?: UsageRecordsReadingInput<Api["UsageRecordSortKey"]> | undefined;
}

/**
 * Reads on the server what the hooks ask first, so that the page comes with it.
 *
 * @remarks
 * Hand it to the provider as `initialState`: the hooks begin with it, on the server that renders and in the
 * browser, and ask again when it is some seconds old. It holds no access token. What cannot be read is
 * left out, and the browser asks for it: a shop that Shopify does not serve is no reason for a page
 * not to come.
 *
 * @param billing - the client of the merchant's shop
 * @throws InvalidInputError for records that make no sense
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
